// A client of the query API that Prometheus and VictoriaMetrics share.
// https://prometheus.io/docs/prometheus/latest/querying/api/

/** One series of a result with its value. */
export interface QueriedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One series of the store with all its samples in a range. */
export interface StoredSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Time in milliseconds and value, in order. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
}

type Answer =
  | { readonly status: 'success'; readonly data: { readonly resultType: string; readonly result: readonly unknown[] } }
  | { readonly status: 'error'; readonly error: string };

/** Evaluates a query at one time. Throws if the server refuses it. */
export async function query(server: URL, expression: string, atMs: number): Promise<QueriedSample[]> {
  const result = (await ask(server, expression, atMs)) as { metric: Record<string, string>; value: [number, string] }[];
  return result.map(({ metric, value }) => ({ labels: metric, value: parseValue(value[1]) }));
}

/** The raw samples of a selector in the `rangeMs` before a time, as stored. */
export async function storedSeries(
  server: URL,
  selector: string,
  atMs: number,
  rangeMs: number,
): Promise<StoredSeries[]> {
  const expression = `${selector}[${Math.ceil(rangeMs)}ms]`;
  const result = (await ask(server, expression, atMs)) as {
    metric: Record<string, string>;
    values: [number, string][];
  }[];
  return result.map(({ metric, values }) => ({
    labels: metric,
    samples: values.map(([seconds, value]) => [Math.round(seconds * 1000), parseValue(value)] as const),
  }));
}

async function ask(server: URL, expression: string, atMs: number): Promise<readonly unknown[]> {
  const url = new URL('api/v1/query', server);
  url.search = new URLSearchParams({ query: expression, time: (atMs / 1000).toFixed(3), nocache: '1' }).toString();
  const answer = (await (await fetch(url)).json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
  return answer.data.result;
}

function parseValue(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
