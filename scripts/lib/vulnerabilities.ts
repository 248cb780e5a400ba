// Known vulnerabilities of the locked packages, from the advisories of the npm registry.
import { runCommand } from './command.ts';
import { npmCli } from './folders.ts';

/** An advisory for a locked package. */
export interface Vulnerability {
  package: string;
  severity: string;
  title: string;
  /** The page of the advisory. */
  url: string;
}

/** `unavailable` is the reason why the registry gave no advisories. */
export type AuditResult = { vulnerabilities: Vulnerability[] } | { unavailable: string };

interface Advisory {
  title: string;
  url: string;
  severity: string;
}

/** The fields of `npm audit --json` that are read here. `via` names other packages, or has advisories. */
interface Report {
  vulnerabilities?: Record<string, { via: (string | Advisory)[] }>;
  message?: string;
  error?: { summary?: string; detail?: string };
}

const failing = new Set(['high', 'critical']);

/**
 * Asks the registry for the advisories of all packages in the lock file of `folder`; nothing is installed. `registry`
 * replaces the configured address.
 * @see https://docs.npmjs.com/cli/v11/commands/npm-audit
 */
export async function audit(folder: string, registry?: string): Promise<AuditResult> {
  const args = [npmCli, 'audit', '--package-lock-only', '--audit=true', '--json', '--fetch-retries=1'];
  if (registry !== undefined) args.push(`--registry=${registry}`);
  const { output } = await runCommand(process.execPath, args, { cwd: folder, quiet: true });
  const report = parseReport(output);
  if (report?.vulnerabilities === undefined) return { unavailable: reasonOf(report, output) };
  return {
    vulnerabilities: Object.entries(report.vulnerabilities).flatMap(([name, { via }]) =>
      via.flatMap((cause) =>
        typeof cause === 'string'
          ? []
          : [{ package: name, severity: cause.severity, title: cause.title, url: cause.url }],
      ),
    ),
  };
}

/** True for an advisory of high or critical severity, which fails the check. */
export function isFailing(found: Vulnerability): boolean {
  return failing.has(found.severity);
}

/** npm writes warnings before the report, and after it the name of its log file. */
function parseReport(output: string): Report | undefined {
  const start = output.indexOf('{');
  const end = output.lastIndexOf('}');
  try {
    return JSON.parse(output.slice(start, end + 1)) as Report;
  } catch {
    return undefined;
  }
}

function reasonOf(report: Report | undefined, output: string): string {
  const text = report?.message ?? report?.error?.summary ?? '';
  if (text !== '') return text.replace(/https?:\/\/\S+/g, 'the registry');
  return output.trim() === '' ? 'npm audit wrote nothing' : 'npm audit wrote no report';
}
