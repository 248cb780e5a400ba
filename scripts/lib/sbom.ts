// The software bill of materials of the product in CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/).
import { spawnSync } from 'node:child_process';
import type { BundledPackage } from './bundled-packages.ts';
import { npmCli, projectRoot } from './folders.ts';
import type { WasmCrate } from './wasm-crates.ts';

/** The parts of npm's bill of materials that are changed here. */
interface Bom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { name: string; 'bom-ref': string } };
  components: { 'bom-ref': string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** The packages with koffi's binaries for Windows, which are installed there only. */
const windowsBinary = /^@koromix\/koffi-win32-(?:arm64|x64)@/;

/**
 * What `npm sbom` writes about the lock file, with only the packages of the product, and the crates in its WebAssembly
 * modules. It has neither time nor serial number, so the same lock file gives the same bytes. Throws for a package that
 * the lock file does not contain.
 */
export function softwareBillOfMaterials(
  product: string,
  packages: readonly BundledPackage[],
  crates: readonly WasmCrate[],
): string {
  const bom = billOfLockFile();
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const isWanted = (ref: string): boolean =>
    wanted.has(ref) || windowsBinary.test(ref) || ref === bom.metadata.component['bom-ref'];
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  // npm takes the name of the folder.
  bom.metadata.component.name = product;
  bom.components = bom.components.filter((component) => isWanted(component['bom-ref']));
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => isWanted(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isWanted) }));
  const listed = new Set(bom.components.map((component) => component['bom-ref']));
  const missing = [...wanted].filter((ref) => !listed.has(ref));
  if (missing.length > 0) throw new Error(`package-lock.json does not contain ${missing.join(', ')}`);
  bom.components.push(...crates.map(componentOf));
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function componentOf({ name, version, license, purl }: WasmCrate): { 'bom-ref': string } & Record<string, unknown> {
  return { 'bom-ref': purl, type: 'library', name, version, purl, licenses: [{ license: { id: license } }] };
}

function billOfLockFile(): Bom {
  const args = [npmCli, 'sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
  const result = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`npm sbom failed: ${result.error?.message ?? result.stderr}`);
  return JSON.parse(result.stdout) as Bom;
}
