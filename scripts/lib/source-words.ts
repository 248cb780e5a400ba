// Finds the words in the messages and identifiers of a TypeScript source.
import ts from 'typescript';

/** Words of examples in descriptions, which may be names at a customer's. */
const EXAMPLES = new Set(['abcd', 'billing', 'orders', 'payroll', 'shop', 'teams']);

/** Lower-case words of the text literals and identifiers of a source. */
export function wordsOfSource(source: string): Set<string> {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isIdentifier(node))
      for (const word of wordsOfText(literalText(node))) words.add(word);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
  return words;
}

function literalText(node: ts.StringLiteralLike | ts.TemplateExpression | ts.Identifier): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
}

/** Words of three letters and more, also inside names such as `requiredRight`; GUIDs and numbers have none. */
export function wordsOfText(text: string): string[] {
  return [...text.replace(/[\da-f-]{8,}|\w*\d\w*|\\./gi, ' ').matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)]
    .map(([word]) => word.toLowerCase())
    .filter((word) => word.length > 2 && !EXAMPLES.has(word));
}
