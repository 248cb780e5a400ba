// The table of layers with their allowed imports, and the check of sources by the parser of TypeScript.
import { posix } from 'node:path';
import ts from 'typescript';

/** One import of a file: by a declaration, an `export ... from`, `import()` or a type `import('...')`. */
export interface Import {
  readonly specifier: string;
  readonly typesOnly: boolean;
  readonly line: number;
}

interface Rule {
  /** Folders (ending in `/`) and files, relative to the root of the repository, of which values may be imported. */
  readonly values?: readonly string[];
  /** Folders and files of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages that may be imported; `@scope/` stands for all packages of a scope. */
  readonly packages?: readonly string[];
  /** Whether modules of Node are forbidden, because the layer reads nothing from the system. */
  readonly pure?: boolean;
}

const engine = [
  'src/base/',
  'src/native/',
  'src/redaction/',
  'src/logs/',
  'src/sources/',
  'src/model/',
  'src/collectors/',
  'src/exporters/',
  'src/api/',
  'src/service/',
];
const settings = 'src/settings/';
const records = 'src/sources/host.ts';
const recordTables = 'src/sources/records/';

/** Keyed by folder or file; the longest matching key applies. A layer may always import itself. */
const rules: Readonly<Record<string, Rule>> = {
  'src/base/': { packages: ['pino'] },
  'src/base/self-metrics.ts': { values: ['src/base/'], packages: ['prom-client'] },
  'src/base/log.ts': { values: ['src/base/'], packages: ['pino', 'pino-pretty'] },
  'src/native/': { values: ['src/base/'], packages: ['koffi'] },
  'src/redaction/': { values: ['src/base/'] },
  // The log parser runs where its input is: in the logs worker and in the model.
  'src/logs/': { values: ['src/base/'], pure: true },
  'src/sources/': {
    values: ['src/native/', 'src/redaction/', 'src/logs/', 'src/base/'],
    packages: ['dockerode', 'saxes'],
  },
  [records]: { types: [recordTables], pure: true },
  // Each field of a record is described with its redaction.
  [recordTables]: { values: ['src/redaction/'], pure: true },
  // tldts has the list of public suffixes for DNS names: docs/adr/0010.
  'src/model/': { values: ['src/logs/', 'src/base/'], types: [records], packages: ['tldts'], pure: true },
  'src/collectors/': { values: ['src/model/', 'src/base/'], types: [records], pure: true },
  'src/exporters/': {
    values: ['src/base/'],
    // An exporter receives a snapshot of samples.
    types: [
      'src/collectors/catalogue.ts',
      'src/collectors/samples.ts',
      'src/collectors/family-samples.ts',
      'src/collectors/label-sets.ts',
      'src/logs/',
    ],
    packages: ['@opentelemetry/', 'snappy-wasm'],
  },
  'src/api/': {
    values: ['src/model/', 'src/redaction/', 'src/logs/', 'src/base/'],
    // Header and status of the host are returned unchanged.
    types: ['src/collectors/', 'src/exporters/', settings, records],
    packages: ['fastify', '@fastify/', 'typebox'],
  },
  'src/service/': { values: ['src/native/', 'src/base/'] },
  // Diagnostics composes the layers, like the files in src/: docs/adr/0008-diagnostics-bundle.md.
  'src/diagnostics/': { values: [...engine, settings, 'src/agent.ts', 'src/recording.ts'], packages: ['yazl'] },
  // Files directly in src/ compose the layers.
  'src/': { values: [...engine, settings] },
  [settings]: { values: ['src/base/'], packages: ['re2js'] },
  'cli/': {
    values: [
      'src/agent.ts',
      'src/load-delivery.ts',
      'src/push.ts',
      'src/recording.ts',
      'src/crash-site.ts',
      'src/exit.ts',
      'src/exit-after-stop.ts',
      'src/peer-check.ts',
      'src/diagnostics/',
      settings,
      'src/api/client.ts',
      'src/service/',
      'src/base/',
    ],
    types: ['src/api/resources/'],
    packages: ['commander', 'table', 'chalk'],
  },
};

/**
 * The order inside `model/`: a file may import from its own level and from those before it. `parts/` combines the
 * others for `host-model.ts`. `net` uses names from `dns`.
 */
const modelOrder: readonly (readonly string[])[] = [
  ['owner/', 'clock.ts', 'unattributed.ts', 'readings.ts', 'event-session.ts', 'disks.ts', 'gpus.ts', 'cloud.ts'],
  ['processes/'],
  ['dns/'],
  ['net/'],
  ['node.ts'],
  ['containers/'],
  ['logs/'],
  ['parts/'],
  ['host-model.ts'],
];

const MODEL = 'src/model/';

/** Position of a file in the order, -1 if it has none. */
const modelLevel = (file: string): number =>
  modelOrder.findIndex((level) => level.some((entry) => covers(MODEL + entry, file)));

/** The reason why one file of the model may not import another, or undefined if it may. */
function modelObjection(file: string, target: string): string | undefined {
  const [own, other] = [modelLevel(file), modelLevel(target)];
  if (own < 0) return `${file} has no place in the order of the model`;
  return other > own ? `${MODEL}${modelOrder[own]![0]} may not import ${target}` : undefined;
}

/** The longest matching key of the table, or an empty text. */
const layerOf = (file: string): string => {
  const folders = Object.keys(rules).filter((key) => (key.endsWith('/') ? file.startsWith(key) : file === key));
  return folders.sort((a, b) => b.length - a.length)[0] ?? '';
};

const covers = (entry: string, file: string): boolean =>
  entry.endsWith('/') ? file.startsWith(entry) : file === entry;

/** Every import in a source text. */
export function importsOf(file: string, text: string): Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typesOnly: boolean): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    // A computed specifier cannot be checked; `layerViolations` reports it.
    found.push({
      specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)',
      typesOnly,
      line,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, importsTypesOnly(node.importClause));
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier, exportsTypesOnly(node));
    if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node, node.moduleReference.expression, node.isTypeOnly);
    if (ts.isImportTypeNode(node))
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node.expression))
    )
      add(node, node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return (
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function exportsTypesOnly(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const named = node.exportClause;
  return (
    named !== undefined &&
    ts.isNamedExports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function isRequire(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && (expression.text === 'require' || expression.text === 'createRequire');
}

/** A message for each import that the table does not allow; `file` is relative to the root, with forward slashes. */
export function layerViolations(file: string, text: string): string[] {
  const layer = layerOf(file);
  if (layer === '') return [`${file}: belongs to no layer`];
  return importsOf(file, text)
    .map((each) => ({ each, why: objection(file, layer, each) }))
    .filter(({ why }) => why !== undefined)
    .map(({ each, why }) => `${file}:${each.line}: ${why}`);
}

function objection(file: string, layer: string, { specifier, typesOnly }: Import): string | undefined {
  const { values = [], types = [], packages = [], pure = false } = rules[layer]!;
  if (specifier === '(computed)') return 'imports something computed';
  if (specifier.startsWith('node:')) return pure ? `${layer} is pure and imports ${specifier}` : undefined;
  if (!specifier.startsWith('.')) {
    const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : specifier.split('/', 1)[0]!;
    const allowed = packages.some((each) => (each.endsWith('/') ? name.startsWith(each) : name === each));
    return allowed ? undefined : `${layer} may not use the package ${name}`;
  }
  const target = posix.join(posix.dirname(file), specifier);
  const own = layer.endsWith('/') && layer !== 'src/' && covers(layer, target);
  const ownRoot = layer === 'src/' && posix.dirname(target) === 'src';
  if (layer === MODEL && covers(MODEL, target)) return modelObjection(file, target);
  if (own || ownRoot || values.some((entry) => covers(entry, target))) return undefined;
  if (!types.some((entry) => covers(entry, target))) return `${layer} may not import ${target}`;
  return typesOnly ? undefined : `${layer} may import types of ${target} only`;
}
