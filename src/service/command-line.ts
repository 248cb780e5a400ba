// Splits a Windows command line into arguments, as programs get them.

/** https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments: quotes group, 2n backslashes before one are n, one more makes it a character. */
export function splitCommandLine(line: string): string[] {
  const args: string[] = [];
  let current = '';
  let [inside, quoted] = [false, false];
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    const slashes = /^\\*/.exec(line.slice(i))![0].length;
    if (slashes > 0 && line[i + slashes] === '"') {
      current += '\\'.repeat(slashes >> 1);
      inside = true;
      i += slashes - 1;
      if (slashes % 2 === 0) continue;
      current += '"';
      i++;
    } else if (char === '"') {
      // Two of them inside quotes are one character.
      if (quoted && line[i + 1] === '"') current += line[++i];
      else quoted = !quoted;
      inside = true;
    } else if (/[ \t]/.test(char) && !quoted) {
      if (inside) args.push(current);
      [current, inside] = ['', false];
    } else {
      current += char;
      inside = true;
    }
  }
  if (inside) args.push(current);
  return args;
}
