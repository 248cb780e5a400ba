// The logger provider of each container, created with its first record: it holds the resource of the container.
import type { Logger } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AGENT_VERSION } from '../../base/version.ts';
import { MAX_ATTRIBUTES } from './sdk-record.ts';
import { cutToBytes } from './utf8.ts';

/** Instrumentation scope of all records. */
export const SCOPE_NAME = 'coroot-agent';
/** A provider has about 7 kB. One that is needed again is created again, and costs a second block in one payload. */
const MAX_PROVIDERS = 1000;
const MAX_ID_BYTES = 1024;

/** Identity of the host, as the labels of the metrics have it; what is empty is left out. */
export interface HostIdentity {
  readonly hostName: string;
  readonly machineId: string;
}

export class LoggerProviders {
  readonly #host: HostIdentity;
  readonly #processor: LogRecordProcessor;
  /** In the order of creation. */
  readonly #loggers = new Map<string, Logger>();

  constructor(host: HostIdentity, processor: LogRecordProcessor) {
    this.#host = host;
    this.#processor = processor;
  }

  get size(): number {
    return this.#loggers.size;
  }

  /** Records of the node have an empty id: the host is their service, as in docs/adr/0025-log-collection.md. */
  loggerOf(containerId: string): Logger {
    let logger = this.#loggers.get(containerId);
    if (!logger) {
      for (const oldest of this.#loggers.keys()) {
        if (this.#loggers.size < MAX_PROVIDERS) break;
        this.#loggers.delete(oldest);
      }
      logger = this.#create(containerId);
      this.#loggers.set(containerId, logger);
    }
    return logger;
  }

  /** The provider is not shut down, because that would shut down the processor of all. */
  remove(containerId: string): void {
    this.#loggers.delete(containerId);
  }

  #create(containerId: string): Logger {
    const id = cutToBytes(containerId, MAX_ID_BYTES);
    const { hostName, machineId } = this.#host;
    const service = id || hostName;
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({
        ...(id !== '' && { 'container.id': id }),
        ...(machineId !== '' && { 'host.id': machineId }),
        ...(hostName !== '' && { 'host.name': hostName }),
        ...(service !== '' && { 'service.name': service }),
      }),
      logRecordLimits: { attributeCountLimit: MAX_ATTRIBUTES },
      processors: [this.#processor],
    });
    return provider.getLogger(SCOPE_NAME, AGENT_VERSION);
  }
}
