// Log files of the demo shop: nginx, a .NET API that writes JSON, PostgreSQL, and Kafka.

export interface DemoFile {
  readonly service: string;
  /** Pattern of the file names: the label `source`. */
  readonly source: string;
  readonly path: string;
  /** Lines that are written in a round, which is counted from 0. */
  readonly lines: (round: number) => string[];
}

const repeat = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));
const two = (value: number): string => String(value % 60).padStart(2, '0');
const hex = (seed: number, digits: number): string =>
  Array.from({ length: digits }, (_, i) => ((seed * 31 + i * 7 + 5) % 16).toString(16)).join('');
/** Rounds in which billing is restarted. */
const isOutage = (round: number): boolean => round === 6 || round === 18;

function ordersLine(round: number, i: number): string {
  const order = 48_000 + round * 40 + i;
  return JSON.stringify({
    '@t': `2026-11-27T10:${two(round)}:${two(i)}.000Z`,
    '@l': 'Information',
    '@mt': 'Order accepted',
    order: { id: order, lines: 1 + (order % 5) },
    traceId: hex(order, 32),
    spanId: hex(order + 1, 16),
  });
}

function ordersFailure(round: number, i: number): string {
  return JSON.stringify({
    '@t': `2026-11-27T10:${two(round)}:${two(30 + i)}.000Z`,
    '@l': 'Error',
    '@mt': 'Invoice could not be created because billing refused the connection',
    attempt: i + 1,
    traceId: hex(round * 100 + i, 32),
    spanId: hex(round * 100 + i + 1, 16),
  });
}

export const demoFiles: readonly DemoFile[] = [
  {
    service: 'nginx_80',
    source: 'C:\\nginx\\logs\\error*.log',
    path: 'C:\\nginx\\logs\\error.log',
    lines: (round) => [
      ...(round % 3 === 0
        ? [
            `2026/11/27 10:${two(round)}:02 [warn] 332#412: *${900 + round} an upstream response is buffered to a temporary file ` +
              `C:/nginx/temp/proxy_temp/${round}, client: 203.0.113.${round}, request: "GET /catalog/export HTTP/1.1"`,
          ]
        : []),
      ...(isOutage(round)
        ? repeat(
            3,
            (i) =>
              `2026/11/27 10:${two(round)}:${two(i)} [error] 332#412: *${950 + round * 10 + i} connect() failed ` +
              `(10061: No connection could be made because the target machine actively refused it) while connecting to ` +
              `upstream, client: 203.0.113.${20 + i}, request: "POST /checkout HTTP/1.1"`,
          )
        : []),
    ],
  },
  {
    service: 'orders-api',
    source: 'C:\\Shop\\orders-api\\logs\\*.json',
    path: 'C:\\Shop\\orders-api\\logs\\orders-20261127.json',
    lines: (round) => [
      ...repeat(10 + (round % 5), (i) => ordersLine(round, i)),
      ...(isOutage(round) ? repeat(3, (i) => ordersFailure(round, i)) : []),
    ],
  },
  {
    service: 'PostgreSQL-x64-16',
    source: 'C:\\Program Files\\PostgreSQL\\16\\data\\log\\*.log',
    path: 'C:\\Program Files\\PostgreSQL\\16\\data\\log\\postgresql-2026-11-27.log',
    lines: (round) => [
      `2026-11-27 10:${two(round)}:01.120 UTC [524] LOG:  checkpoint complete: wrote ${40 + round} buffers`,
      ...(round % 4 === 1
        ? [
            `2026-11-27 10:${two(round)}:07.301 UTC [1312] ERROR:  duplicate key value violates unique constraint "stock_pkey"`,
          ]
        : []),
      ...(round % 8 === 3
        ? [`2026-11-27 10:${two(round)}:09.007 UTC [1318] FATAL:  sorry, too many clients already`]
        : []),
    ],
  },
  {
    service: 'kafka.broker',
    source: 'C:\\kafka\\logs\\server.log',
    path: 'C:\\kafka\\logs\\server.log',
    lines: (round) => [
      `[2026-11-27 10:${two(round)}:03,551] INFO [GroupCoordinator 1]: Stabilized group stock generation ${round} (kafka.coordinator)`,
      ...(round % 6 === 2
        ? [
            `[2026-11-27 10:${two(round)}:04,118] WARN [Log partition=orders-3, dir=C:\\kafka\\data] Found an offset index ` +
              'that is not flushed (kafka.log)',
          ]
        : []),
    ],
  },
];
