// What the control plane is given by the composition root.
import type { Counters } from '../base/counters.ts';
import type { PassRunner } from '../collectors/pass.ts';
import type { HostModel } from '../model/host-model.ts';
import type { HostHeader, HostStatus } from '../sources/host.ts';

export interface ApiContext {
  readonly version: string;
  readonly model: HostModel;
  readonly passes: PassRunner;
  readonly counters: Counters;
  /** `HOST:PORT` that it listens on. */
  listen(): string;
  readonly consoleMode: boolean;
  readonly startedAtMs: number;
  header(): HostHeader | undefined;
  hostStatus(): HostStatus;
  /** The last pass as Prometheus text, made piece by piece, and its MIME type; undefined before the first pass. */
  exposition(): { readonly type: string; readonly pieces: Iterable<string> } | undefined;
  /** An error that no route expected. */
  onInternalError(error: unknown): void;
}
