// Generated events for benchmarks: connections of the generated host's services that open, transfer bytes and close.
import {
  type BuiltEvent,
  connectionResult,
  dnsAnswered,
  dnsAsked,
  summary,
  tcbAndAddresses,
} from '../helpers/etw-builder.ts';

const CONNECTIONS = 1000;
/** The pid of a service's process, as in generated-host.ts. */
const servicePid = (i: number): number => 1000 + (i % 200) * 4;

/** Events from open to close of a thousand connections, with a DNS request for every tenth. */
export function generatedEvents(): BuiltEvent[] {
  const begin: BuiltEvent[] = [];
  const end: BuiltEvent[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const connection = {
      local: `10.0.0.5:${50_000 + i}`,
      remote: `10.${1 + (i % 4)}.0.${i % 250}:443`,
      tcb: 0xffff_c000_0000_0000n + BigInt(i) * 0x400n,
    };
    const processId = servicePid(i);
    if (i % 10 === 0) {
      const query = { name: `host-${i}.example.com`, type: 1 };
      begin.push(
        dnsAsked(query, { pid: processId }),
        dnsAnswered({ ...query, results: `::ffff:10.1.0.${i % 250};` }, { pid: processId }),
      );
    }
    begin.push(tcbAndAddresses(1002, connection), connectionResult(1033, 1, { ...connection, processId }));
    if (i % 20 === 0) begin.push(tcbAndAddresses(1187, connection));
    const carried = { bytesOut: 1000 + i, bytesIn: 2000 + i, connectionTimeMs: 50, rttUs: 300 };
    end.push(connectionResult(1038, 1, { ...connection, processId }), summary(1, { ...connection, ...carried }));
  }
  return [...begin, ...end];
}
