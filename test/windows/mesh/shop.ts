// The demo services of a small shop with names, listeners and calls; ports are offsets from a base port.

/** One demo service. Another service is called on its first port. */
export interface DemoService {
  name: string;
  display?: string;
  /** Start type; a manual service may run too. */
  start: 'auto' | 'manual';
  /** Whether `startMesh` starts it. */
  runs: boolean;
  /** Offsets of ports on 127.0.0.1; others call the first. */
  listens?: readonly number[];
  /** Offsets of ports on every address. */
  listensAnywhere?: readonly number[];
  calls?: readonly string[];
  /** Share of one processor that it uses. */
  burnPercent?: number;
  /** A child process, which also calls others. */
  child?: { calls?: readonly string[]; burnPercent?: number };
}

/** Number of consecutive ports that the shop needs. */
export const portCount = 20;

/**
 * Twenty services with names that are difficult for agents: `_` with hexadecimal digits, `$`, a dot, a space, a letter
 * beyond ASCII.
 */
export const shop: readonly DemoService[] = [
  { name: 'edge_443', start: 'auto', runs: true, listensAnywhere: [0], calls: ['shop-web'] },
  { name: 'nginx_80', start: 'auto', runs: true, listensAnywhere: [1], calls: ['shop-web'] },
  { name: 'shop-web', start: 'auto', runs: true, listens: [2], calls: ['orders-api', 'catalog', 'Cart Service'] },
  {
    name: 'orders-api',
    start: 'auto',
    runs: true,
    listens: [3],
    calls: ['billing', 'redis_6379', 'MSSQL$REPORTING', 'kafka.broker'],
  },
  { name: 'billing', start: 'auto', runs: true, listens: [4], calls: ['payments', 'MSSQL$REPORTING'] },
  { name: 'payments', start: 'auto', runs: true, listens: [5], child: { calls: ['svc_cafe'], burnPercent: 5 } },
  { name: 'redis_6379', start: 'auto', runs: true, listens: [6] },
  { name: 'MSSQL$REPORTING', display: 'SQL Server (REPORTING)', start: 'auto', runs: true, listens: [7, 8] },
  { name: 'PostgreSQL-x64-16', display: 'PostgreSQL Server 16', start: 'auto', runs: true, listens: [9] },
  { name: 'kafka.broker', start: 'auto', runs: true, listens: [10] },
  { name: 'catalog', start: 'auto', runs: true, listens: [11], calls: ['PostgreSQL-x64-16', 'redis_6379'] },
  { name: 'Cart Service', start: 'auto', runs: true, listens: [12], calls: ['redis_6379'] },
  { name: 'svc_cafe', start: 'auto', runs: true, listens: [13] },
  { name: 'app_1', start: 'auto', runs: true, calls: ['orders-api'], burnPercent: 5 },
  { name: 'mail-relay', start: 'manual', runs: true, calls: ['kafka.broker'] },
  { name: 'nightly-report', start: 'manual', runs: false, calls: ['MSSQL$REPORTING'] },
  { name: 'backup-agent', start: 'auto', runs: false, listens: [14] },
  { name: 'stock-reader', start: 'auto', runs: true, listens: [15], calls: ['PostgreSQL-x64-16'] },
  { name: 'stock-writer', start: 'auto', runs: true, calls: ['PostgreSQL-x64-16', 'kafka.broker'] },
  { name: 'søk-indeks', display: 'Søk', start: 'manual', runs: true, listens: [16], calls: ['catalog'] },
];
