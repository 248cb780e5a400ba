// The list of providers that the session enables.
import type { EtwProvider } from '../provider.ts';
import { dnsClient } from './dns-client.ts';
import { kernelProcess } from './kernel-process.ts';
import { tcpip } from './tcpip.ts';

/**
 * The busiest provider comes first, because the ring writer searches the list for each event. Batches are pushed in
 * reverse order: a process start reaches the model before the DNS answers and connections of that process, and a DNS
 * answer before the connection that follows it.
 */
export const providers: readonly EtwProvider[] = [tcpip, dnsClient, kernelProcess];
