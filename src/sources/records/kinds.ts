// The kinds of observations, and what each one carries.
import { cloudInstance } from './cloud.ts';
import { MAX_ROWS } from './columns.ts';
import { dockerContainers, dockerStats } from './docker.ts';
import { dnsEvent, etwSession, processEvent, rawEvents } from './events.ts';
import { gpus } from './gpus.ts';
import { job } from './jobs.ts';
import { eventChannel, eventRecord, fileMessages, logFile, MAX_LOG_RECORDS } from './logs.ts';
import { adapter, networkInterface, tcpTable, urlReservation } from './network.ts';
import { cpu, disk, identity, memory, system } from './node.ts';
import { processTable } from './processes.ts';
import { list, type RecordOf } from './record.ts';
import { tick } from './run.ts';
import { service } from './services.ts';
import { tcpEvents, tcpStatistics } from './tcp-events.ts';

export const KINDS = {
  identity,
  system,
  services: list(service),
  processes: processTable,
  jobs: list(job),
  adapters: list(adapter),
  cpu,
  memory,
  disks: list(disk),
  interfaces: list(networkInterface),
  gpus,
  /** The cloud that the machine runs in. */
  cloud: cloudInstance,
  tcp: list(tcpTable),
  /** Services that own URLs of http.sys; read less often than the rest. */
  urlReservations: list(urlReservation),
  tcpEvents,
  dnsEvents: list(dnsEvent, MAX_ROWS),
  processEvents: list(processEvent, MAX_ROWS),
  /** State of the event session. */
  etw: etwSession,
  tcpStatistics,
  rawEvents,
  /** Records of the Event Log, in the order of each channel. */
  eventRecords: list(eventRecord, MAX_LOG_RECORDS),
  /** State of the subscriptions to the Event Log. */
  eventChannels: list(eventChannel),
  /** Messages of log files, by owner and source. */
  fileMessages: list(fileMessages),
  /** State of the log files. */
  logFiles: list(logFile),
  /** The Docker daemon with its containers; pushed when something has changed. */
  dockerContainers,
  /** What the daemon measures of its containers. */
  dockerStats,
  /** Completes a round of polls: the model is up to date and can be collected. */
  tick,
};

/** Data of each kind of observation. */
export interface ObservationData extends RecordOf<typeof KINDS> {}
