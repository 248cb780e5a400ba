// Reads the XML of an event into elements, with all that programs and event forwarders write into it.

/** An element; its name has no namespace prefix. */
export interface XmlElement {
  readonly name: string;
  /** Values by name as written, i.e. with prefixes. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly in the element, with entities replaced. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly attributes: Map<string, string>;
  readonly children: OpenElement[];
  text: string;
}

/** Elements of one event; the text of later ones belongs to the last element before them. */
const MAX_ELEMENTS = 20_000;
/** Deeper elements are children of the last one. */
const MAX_DEPTH = 64;

const NO_ATTRIBUTES = new Map<string, string>();

/**
 * The elements at the top level, or undefined if the text is not XML or ends inside an element. Unlike an XML 1.0
 * parser it accepts control characters, lone surrogates, and `<` or `&` that begin neither markup nor a reference:
 * programs write such texts into events. The time is linear in the length of the text. Never throws.
 */
export function parseXml(xml: string): readonly XmlElement[] | undefined {
  const root = openElement('', NO_ATTRIBUTES);
  const stack = [root];
  let elements = 0;
  let at = 0;
  while (at < xml.length) {
    const tag = nextMarkup(xml, at);
    const open = stack.at(-1)!;
    if (tag > at) open.text += textOf(xml.slice(at, tag));
    if (tag === xml.length) break;
    const next = xml[tag + 1];
    if (next === '!' || next === '?') {
      const end = endOfSpecial(xml, tag);
      if (end < 0) return undefined;
      if (xml.startsWith('<![CDATA[', tag)) open.text += xml.slice(tag + 9, end - 3);
      at = end;
    } else if (next === '/') {
      const end = xml.indexOf('>', tag);
      if (end < 0) return undefined;
      close(stack, localName(xml.slice(tag + 2, end).trim()));
      at = end + 1;
    } else {
      const start = startTag(xml, tag);
      if (!start) return undefined;
      at = start.end;
      // Beyond a limit the tags are ignored and the texts stay.
      if (++elements > MAX_ELEMENTS) continue;
      const element = openElement(start.name, start.attributes);
      open.children.push(element);
      if (!start.closed && stack.length < MAX_DEPTH) stack.push(element);
    }
  }
  return stack.length === 1 && root.children.length > 0 ? root.children : undefined;
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Text of the element and of all below it, in their order except that own text comes first. */
export function wholeText(element: XmlElement): string {
  if (element.children.length === 0) return element.text;
  return [element.text.trim(), ...element.children.map(wholeText)].filter((text) => text !== '').join(' ');
}

function openElement(name: string, attributes: Map<string, string>): OpenElement {
  return { name, attributes, children: [], text: '' };
}

/** Closes the innermost open element of that name, and those inside it; an end tag without a start is ignored. */
function close(stack: OpenElement[], name: string): void {
  const index = stack.findLastIndex((element, i) => i > 0 && element.name === name);
  if (index > 0) stack.length = index;
}

/** Index of the next `<` that begins markup, or the length of the text. */
function nextMarkup(xml: string, from: number): number {
  for (let at = from; ; at++) {
    at = xml.indexOf('<', at);
    if (at < 0) return xml.length;
    const code = xml.charCodeAt(at + 1);
    if (code === SLASH || code === EXCLAMATION || code === QUESTION || isNameStart(code)) return at;
  }
}

const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const GREATER = 0x3e;

function isNameStart(code: number): boolean {
  // Letters of ASCII, underscore, and all characters above ASCII.
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code > 0x7f;
}

/** Index behind a comment, a CDATA section, a declaration or a processing instruction, -1 if it does not end. */
function endOfSpecial(xml: string, at: number): number {
  const [start, end] = xml.startsWith('<!--', at)
    ? [at + 4, '-->']
    : xml.startsWith('<![CDATA[', at)
      ? [at + 9, ']]>']
      : [at + 2, '>'];
  const found = xml.indexOf(end, start);
  return found < 0 ? -1 : found + end.length;
}

interface StartTag {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly closed: boolean;
  /** Index behind the tag. */
  readonly end: number;
}

/** The start tag at that index, or undefined if the text ends before it does. */
function startTag(xml: string, tag: number): StartTag | undefined {
  let at = endOfName(xml, tag + 1);
  const name = localName(xml.slice(tag + 1, at));
  let attributes = NO_ATTRIBUTES;
  for (;;) {
    at = skipSpace(xml, at);
    if (at >= xml.length) return undefined;
    const code = xml.charCodeAt(at);
    if (code === GREATER) return { name, attributes, closed: false, end: at + 1 };
    if (code === SLASH && xml.charCodeAt(at + 1) === GREATER) return { name, attributes, closed: true, end: at + 2 };
    const nameEnd = endOfName(xml, at);
    const key = xml.slice(at, nameEnd);
    at = skipSpace(xml, nameEnd);
    // A character that no tag has here is skipped.
    if (key === '') at++;
    if (xml.charCodeAt(at) !== EQUALS) continue;
    at = skipSpace(xml, at + 1);
    const quote = xml[at];
    if (quote !== '"' && quote !== "'") continue;
    const end = xml.indexOf(quote, at + 1);
    if (end < 0) return undefined;
    if (attributes === NO_ATTRIBUTES) attributes = new Map();
    attributes.set(key, textOf(xml.slice(at + 1, end)));
    at = end + 1;
  }
}

/** White space, `=`, `/` or `>` end a name. */
function endOfName(xml: string, from: number): number {
  let at = from;
  for (; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    if (code <= 0x20 || code === EQUALS || code === SLASH || code === GREATER) break;
  }
  return at;
}

function skipSpace(xml: string, from: number): number {
  let at = from;
  while (at < xml.length && xml.charCodeAt(at) <= 0x20) at++;
  return at;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

const reference = /&(?:#x0*([0-9a-f]{1,6})|#0*([0-9]{1,7})|(lt|gt|amp|quot|apos));/gi;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const MAX_CODE_POINT = 0x10ffff;

/** Character data: line ends as XML 1.0 has them (https://www.w3.org/TR/xml/#sec-line-ends), references replaced. */
function textOf(raw: string): string {
  const lines = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!lines.includes('&')) return lines;
  const replaced = lines.replace(reference, (_, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()]!;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > MAX_CODE_POINT ? '\ufffd' : String.fromCodePoint(code);
  });
  // References may be to half of a surrogate pair.
  return replaced.toWellFormed();
}
