// `npm run docs`: prints the generated pages of docs/ anew.
import { writeFileSync } from 'node:fs';
import { generatedDocs } from './lib/generated-docs.ts';

for (const [file, text] of Object.entries(generatedDocs)) {
  writeFileSync(file, text());
  console.log(file);
}
