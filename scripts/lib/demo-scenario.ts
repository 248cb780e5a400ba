// What the demo shop does beyond its own machine: names and addresses are examples (RFC 2606, 5737, 3849) and private
// ones.
import type { DemoEvents } from './demo-events.ts';

const STATUS = { refused: 0xc000_0236, timeout: 0xc000_00b5, hostUnreachable: 0xc000_023d };
const DNS = { servfail: 9002, nxdomain: 9003, timeout: 1460 };

const gateway = ['203.0.113.10', '203.0.113.11'];
const warehouse = '10.20.0.15';

/** Schedules `durationMs` of traffic. */
export function writeScenario(events: DemoEvents, durationMs: number): void {
  const every = (firstMs: number, stepMs: number, act: (atMs: number, turn: number) => void): void => {
    for (let atMs = firstMs, turn = 0; atMs < durationMs; atMs += stepMs, turn++) act(atMs, turn);
  };
  // The payment gateway has two addresses; one of them stops answering half-way.
  every(1200, 10_000, (atMs, turn) => {
    events.query(atMs, 'payments', 'pay.gateway.example', { tookMs: 9 + (turn % 3) * 4, addresses: gateway });
    const call = {
      tookMs: 18 + (turn % 4),
      durationMs: 700,
      sentBytes: 2300 + turn * 40,
      receivedBytes: 5200 + turn * 90,
    };
    events.connect(atMs + 40, 'payments', `${gateway[0]}:443`, call);
    if (atMs > durationMs / 2) events.fail(atMs + 60, 'payments', `${gateway[1]}:443`, STATUS.timeout, 21_000);
  });
  // The warehouse's database is down for a while.
  every(2100, 5000, (atMs, turn) => {
    if (turn % 4 === 0)
      events.query(atMs, 'stock-writer', 'warehouse-db.shop.example', { tookMs: 2, addresses: [warehouse] });
    const down = atMs > durationMs * 0.4 && atMs < durationMs * 0.8;
    if (down)
      for (const laterMs of [30, 1030])
        events.fail(atMs + laterMs, 'stock-writer', `${warehouse}:1433`, STATUS.refused, 1);
    else
      events.connect(atMs + 30, 'stock-writer', `${warehouse}:1433`, {
        tookMs: 1,
        durationMs: 900,
        sentBytes: 18_000,
        receivedBytes: 4400,
      });
  });
  every(3300, 15_000, (atMs) => {
    events.query(atMs, 'catalog', 'search.shop.example', { tookMs: 3, addresses: ['2001:db8:20::9'] });
    const call = { tookMs: 2, durationMs: 400, sentBytes: 900, receivedBytes: 64_000, retransmits: 1 };
    events.connect(atMs + 10, 'catalog', '[2001:db8:20::9]:9200', call);
  });
  // A short-lived process that no poll finds.
  every(4200, 20_000, (atMs) => {
    const name = `thumbnails at ${atMs}`;
    events.process(atMs, 'catalog', name, '\\Device\\HarddiskVolume2\\Shop\\thumbnails.exe', {
      durationMs: 300,
      cpuMs: 120,
    });
    events.query(atMs + 80, name, 'images.cdn.example', { tookMs: 22, addresses: ['198.51.100.80'] });
    events.connect(atMs + 110, name, '198.51.100.80:443', {
      tookMs: 24,
      durationMs: 120,
      sentBytes: 700,
      receivedBytes: 310_000,
    });
  });
  // A name that does not exist, and a resolver that is slow for some queries.
  every(2700, 5000, (atMs) => {
    events.query(atMs, 'app_1', 'telemetry.legacy.example', { tookMs: 31, status: DNS.nxdomain });
  });
  every(3800, 10_000, (atMs, turn) => {
    const slow = turn % 3 === 2;
    const answer = slow ? { tookMs: 4000, status: DNS.timeout } : { tookMs: 5, addresses: ['10.20.0.31'] };
    events.query(atMs, 'Cart Service', 'sessions.shop.example', answer);
  });
  every(9400, 40_000, (atMs) =>
    events.query(atMs, 'edge_443', 'ocsp.ca.example', { tookMs: 120, status: DNS.servfail }),
  );
  every(4600, 10_000, (atMs) => events.fail(atMs, 'backup-agent', '10.20.0.40:445', STATUS.hostUnreachable, 3000));
}

/** Connects of one service to another one that is down. */
export function writeRefused(events: DemoEvents, atMs: number, service: string, remote: string, times: number): void {
  for (let i = 0; i < times; i++) events.fail(atMs + i * 50, service, remote, STATUS.refused, 1);
}
