// `npm run check`: format, lint and types; `npm run fix` repairs what can be repaired.
import { checks, runCheck } from './lib/checks.ts';

const results = checks(process.argv.includes('--fix')).map(runCheck);
process.exitCode = results.every(Boolean) ? 0 : 1;
