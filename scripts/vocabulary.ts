// `npm run vocabulary`: lists the words of this program's messages and identifiers, which redaction keeps in texts.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { wordsOfSource } from './lib/source-words.ts';

const FILE = 'src/redaction/words/own-source.ts';
const COLUMNS = 118;

const words = new Set<string>();
for (const file of globSync(['src/**/*.ts', 'cli/**/*.ts']).filter((each) => !each.includes('words')))
  for (const word of wordsOfSource(readFileSync(file, 'utf8'))) words.add(word);

const lines: string[] = [''];
for (const word of [...words].sort()) {
  const line = `${lines.at(-1)} ${word}`.trim();
  if (line.length > COLUMNS) lines.push(word);
  else lines[lines.length - 1] = line;
}
writeFileSync(
  FILE,
  `// Words of the messages and identifiers of this program: printed by \`npm run vocabulary\`.

export const OWN_WORDS = \`
${lines.join('\n')}
\`;
`,
);
console.log(`${words.size} words in ${FILE}`);
