// Removes the secrets of a destination from texts of other programs: a receiver may repeat a key in its answer.
import { MASK, maskCredentials, maskUrl } from '../../base/mask-secrets.ts';
import { percentDecoded } from '../../base/percent-decoded.ts';

/** Shorter texts would damage unrelated words of an answer. */
const MIN_CHARACTERS = 4;

export class Secrets {
  readonly #texts: readonly string[];

  /** `keys` are secrets as they are; of `urls`, user information and values of parameters. */
  constructor(keys: readonly string[], urls: readonly URL[]) {
    const found = [...keys, ...urls.flatMap(secretsOf)];
    const forms = found.flatMap((text) => [text, encodeURIComponent(text), inJson(text), inHtml(text), base64(text)]);
    // A text that contains another one comes first.
    this.#texts = [...new Set([...keys, ...forms.filter(({ length }) => length >= MIN_CHARACTERS)])]
      .filter((text) => text !== '')
      .sort((a, b) => b.length - a.length);
  }

  mask(text: string): string {
    return this.#texts.reduce((masked, secret) => masked.replaceAll(secret, MASK), maskCredentials(text));
  }
}

function secretsOf(url: URL): string[] {
  const { username, password, search, searchParams } = url;
  const user = percentDecoded(username);
  const pass = percentDecoded(password);
  const values = search
    .slice(1)
    .split('&')
    .map((parameter) => parameter.slice(parameter.indexOf('=') + 1));
  const written = [username, password, user, pass, ...values];
  return [...written, ...searchParams.values(), `${user}:${pass}`];
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As many servers quote a text in their error pages: https://html.spec.whatwg.org/#escapingString */
function inHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&${htmlNames[character]};`);
}

const htmlNames: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };

/** The user, the password and both of a header value of the Basic scheme; none for another scheme. */
export function basicSecrets(value: string): string[] {
  const encoded = /^basic\s+([\w+/=-]+)$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? [pair] : [pair, pair.slice(0, colon), pair.slice(colon + 1)];
}

/** The header of the Basic scheme for the user information of a URL; undefined without one. */
export function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** The URL for a message: without user information and fragment, values of parameters masked. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  return maskUrl(shown.href);
}
