// Names, comments, titles and lines of a source, for the test of the language rules.
import ts from 'typescript';

/** A piece of text with its line, counted from 1. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

export interface SourceText {
  /** Names that the file declares: variables, functions, types, members, parameters. */
  readonly names: readonly Piece[];
  readonly comments: readonly Piece[];
  /** First arguments of `test`, `it` and `describe`. */
  readonly titles: readonly Piece[];
}

const declarations: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.Parameter,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.PropertyDeclaration,
  ts.SyntaxKind.PropertySignature,
  ts.SyntaxKind.PropertyAssignment,
  ts.SyntaxKind.MethodDeclaration,
  ts.SyntaxKind.MethodSignature,
  ts.SyntaxKind.GetAccessor,
]);

export function textOf(file: string, text: string): SourceText {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const names: Piece[] = [];
  const titles: Piece[] = [];
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.Node & { name?: ts.Node };
    if (declarations.has(node.kind) && name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)))
      names.push({ line: lineOf(name.getStart(source)), text: name.text.replace(/^#/, '') });
    if (ts.isCallExpression(node) && /^(?:test|it|describe)$/.test(node.expression.getText(source))) {
      const title = node.arguments[0];
      if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
        titles.push({ line: lineOf(title.getStart(source)), text: title.getText(source).slice(1, -1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { names, comments: commentsOf(source, text, lineOf), titles };
}

function commentsOf(source: ts.SourceFile, text: string, lineOf: (position: number) => number): Piece[] {
  const found = new Map<number, Piece>();
  const collect = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, { line: lineOf(pos), text: text.slice(pos, end) });
    node.getChildren(source).forEach(collect);
  };
  collect(source);
  return [...found.values()];
}

/** The words of a camelCase, PascalCase or UPPER_CASE name, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_$]+/)
    .map((word) => word.toLowerCase());
}
