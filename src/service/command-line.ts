// Splits a Windows command line into arguments as the C runtime does.

/**
 * Quotes group; 2n backslashes before a quote are n backslashes, and one more makes the quote a character.
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
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
      // Two quotes inside quotes are one quote character.
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
