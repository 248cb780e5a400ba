// Removes the secrets of a destination from texts of other programs: a receiver may repeat a key in its answer.
import { MASK, maskCredentials, maskUrl } from '../../base/mask-secrets.ts';

/** Shorter texts would damage unrelated words of an answer. */
const MIN_CHARACTERS = 4;

export class Secrets {
  readonly #texts: readonly string[];

  /** `keys` are secrets as they are; of `urls`, user information and values of parameters. */
  constructor(keys: readonly string[], urls: readonly URL[]) {
    const found = [...keys, ...urls.flatMap(secretsOf)];
    const forms = found.flatMap((text) => [text, encodeURIComponent(text), base64(text)]);
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
  const user = decoded(username);
  const pass = decoded(password);
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

/** The text without percent encoding; the text itself when it has a percent sign that encodes nothing. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The header of the Basic scheme for the user information of a URL; undefined without one. */
export function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decoded(username)}:${decoded(password)}`;
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
