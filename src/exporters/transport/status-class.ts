// The class of an HTTP status: what a destination does with the payload.
import type { OutcomeKind } from './transport.ts';

/**
 * The class of the status of an answer. A Coroot server answers 404 to an unknown key, so a 4xx that does not blame
 * the payload holds the queue instead of losing data.
 */
export function classOf(status: number): OutcomeKind {
  if (status >= 200 && status < 300) return 'success';
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 400 || status === 415 || status === 422) return 'rejected';
  if (status === 413) return 'too-large';
  if (status === 408 || status === 425 || status === 429) return 'retryable';
  return status >= 400 && status < 500 ? 'refused' : 'retryable';
}

/**
 * What a person can do about a status, as a clause. With `viaProxy` the answer may come from the proxy, which relays
 * HTTP: some answer 401 to a wrong password instead of 407, e.g. tinyproxy.
 */
export function adviceFor(status: number, viaProxy: boolean): string {
  switch (status) {
    case 400:
    case 422:
      return 'the receiver does not accept the data';
    case 401:
    case 403:
      return viaProxy
        ? 'the receiver or the proxy refuses the credentials: check api-key, and the user and password in the ' +
            'endpoint and in the URL of proxy'
        : 'the receiver refuses the credentials: check api-key and the user and password in the endpoint';
    case 404:
      return 'wrong path or, for Coroot, an unknown key: check the endpoint and api-key';
    case 405:
      return 'the path does not accept data: check the endpoint';
    case 407:
      return 'the proxy demands a user and password: set them in the URL of proxy';
    case 413:
      return 'the request is too large for the receiver';
    case 415:
      return 'the receiver does not accept the format or its compression: check the endpoint';
    case 429:
      return 'the receiver limits the rate';
    default:
      if (status >= 300 && status < 400) return 'redirects are not followed: set the endpoint to the final URL';
      return status >= 500 ? 'the receiver or a proxy before it fails' : 'the receiver refuses the request';
  }
}
