// `npm run docs`: regenerates the generated pages of docs/.
import { writeFileSync } from 'node:fs';
import { generatedDocs } from './lib/generated-docs.ts';

for (const [file, text] of Object.entries(generatedDocs)) {
  writeFileSync(file, text());
  console.log(file);
}
