// `npm run check`: checks format, lint and types; `npm run fix` fixes what can be fixed.
import { checks, runCheck } from './lib/checks.ts';

const results = checks(process.argv.includes('--fix')).map(runCheck);
process.exitCode = results.every(Boolean) ? 0 : 1;
