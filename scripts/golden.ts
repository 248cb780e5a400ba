// `npm run golden`: rewrites the golden files from the current output; review the diff before you commit it.
import { runNodeTests } from './lib/node-tests.ts';

const counts = await runNodeTests(['test/**/*golden*.test.ts'], [], 1, { COROOT_UPDATE_GOLDEN: '1' });
process.exitCode = counts.failed === 0 ? 0 : 1;
