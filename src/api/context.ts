// The dependencies of the control plane, which the composition root passes.
import type { PassRunner } from '../collectors/pass.ts';
import type { DeliveryReports } from '../exporters/delivery/delivery-status.ts';
import type { OutputReport } from '../exporters/outputs.ts';
import type { HostModel } from '../model/host-model.ts';
import type { AllowedHosts, ApiAccess, NamePatterns } from '../settings/index.ts';
import type { HostHeader, HostStatus } from '../sources/host.ts';
import type { RejectReason, ServerLimits } from './limits.ts';

/** Settings that select services by name, and containers by id. */
export interface SettingPatterns {
  readonly 'service-include'?: NamePatterns;
  readonly 'container-allowlist'?: NamePatterns;
  readonly 'container-denylist'?: NamePatterns;
}

export interface ApiContext {
  readonly version: string;
  readonly model: HostModel;
  readonly passes: PassRunner;
  /** The agent's own counters by series. */
  counters(): Promise<Record<string, number>>;
  /** State of every delivery and of the spool. */
  readonly delivery: DeliveryReports;
  /** State of every output. */
  outputs(): readonly OutputReport[];
  /** `HOST:PORT` that the control plane listens on. */
  listen(): string;
  /** Why not every connection to that port reaches this process; empty if nothing is known. */
  listenProblem(): string;
  /** Names of this machine, read once. */
  machineNames(): readonly string[];
  /** Further names under which clients may call. */
  readonly allowedHosts: AllowedHosts;
  /** Who may read the routes below /api/v1. */
  readonly apiAccess: ApiAccess;
  /** Whether a token allows reading. */
  acceptsToken(token: string): boolean;
  /** Patterns of the settings by name of the setting. */
  readonly namePatterns: SettingPatterns;
  readonly consoleMode: boolean;
  readonly startedAtMs: number;
  header(): HostHeader | undefined;
  hostStatus(): HostStatus;
  /** The last pass as Prometheus text, rendered piece by piece, and its MIME type; undefined before the first pass. */
  exposition(): { readonly type: string; readonly pieces: Iterable<string> | AsyncIterable<string> } | undefined;
  /** Called after each answer; `route` is the pattern of its route, or `(none)`. */
  onAnswer(route: string, status: number, seconds: number): void;
  readonly limits: ServerLimits;
  /** Called for each answer that was built, with the pattern of its route. */
  onBuilt(route: string): void;
  /** Called for each request or connection that exceeds a limit. */
  onReject(reason: RejectReason): void;
  /** Called with the number of log messages that were removed before a client that follows the log has read them. */
  onMissedMessages(count: number): void;
  /** An error that no route expected. */
  onInternalError(error: unknown): void;
}
