// Headers of every answer, also of those that no route makes.

export const JSON_TYPE = 'application/json; charset=utf-8';

/** No guessing of types, no copy in a cache, no use by pages of other origins (https://fetch.spec.whatwg.org). */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
} as const;
