// The OpenTelemetry SDK is loaded only where logs have a destination.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../../scripts/lib/bundle-options.ts';

async function bundle(contents: string): Promise<Metafile> {
  const { metafile } = await build({
    ...bundleOptions,
    stdin: { contents, resolveDir: 'src/exporters/otlp', loader: 'ts' },
    outdir: 'unused',
    define: { COROOT_VERSION: '"test"' },
    write: false,
    metafile: true,
  });
  return metafile;
}

/** Packages in the files that a program loads at its start. */
function loadedAtStart({ outputs }: Metafile): string[] {
  const files = new Set(['unused/stdin.js']);
  for (const file of files)
    for (const { path, kind } of outputs[file]!.imports)
      if (kind === 'import-statement' && outputs[path]) files.add(path);
  const inputs = [...files].flatMap((file) => Object.keys(outputs[file]!.inputs));
  return [...new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))];
}

const sizeOf = ({ outputs }: Metafile): number => Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0);

test('a program that can send logs loads no package of OpenTelemetry at its start', async () => {
  const metafile = await bundle(
    "import { openOtlpLogs } from './open-otlp-logs.ts'; import { OtlpLogsFormat } from './logs-format.ts';" +
      'console.log(openOtlpLogs, OtlpLogsFormat);',
  );
  assert.deepEqual(loadedAtStart(metafile), []);
  assert.ok(sizeOf(metafile) < 120_000, `${sizeOf(metafile)} bytes`);
});

test('an agent that delivers loads no package of OpenTelemetry before the first sink of logs', async () => {
  const packages = loadedAtStart(
    await bundle("import { createDelivery } from '../../delivery.ts'; console.log(createDelivery);"),
  );
  assert.deepEqual(
    packages.filter((name) => name.startsWith('@opentelemetry/')),
    [],
  );
});

test('the check finds packages that are loaded at the start', async () => {
  const packages = loadedAtStart(await bundle("import { OtlpLogs } from './otlp-logs.ts'; console.log(OtlpLogs);"));
  assert.ok(packages.includes('@opentelemetry/sdk-logs'), packages.join(' '));
});
