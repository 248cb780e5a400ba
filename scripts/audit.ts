// `npm run audit`: checks the locked packages for known vulnerabilities; fails for a high or critical one.
import { auditChecks } from './lib/audit-checks.ts';

const { failed } = await auditChecks();
process.exitCode = failed === 0 ? 0 : 1;
