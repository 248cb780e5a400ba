// State of the channels and files that logs are read from, with totals that never decrease.
import type { EventChannel, LogFile } from '../../sources/host.ts';
import { GrowthTotals } from './growth-totals.ts';

/** Prefix of the names of counters of what was dropped, before the reason. */
export const DROPPED = 'dropped:';

export class LogReaders {
  #channels: readonly EventChannel[] | undefined;
  #files: readonly LogFile[] | undefined;
  readonly #channelTotals = new GrowthTotals();
  readonly #fileTotals = new GrowthTotals();

  /** As of the last observation; undefined before the first. */
  get channels(): readonly EventChannel[] | undefined {
    return this.#channels;
  }

  /** As of the last observation; undefined before the first. */
  get files(): readonly LogFile[] | undefined {
    return this.#files;
  }

  /** By channel: `read`, `skipped`, `resubscribed`, `invalidPositions`, and `dropped:` with each reason. */
  get channelTotals(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#channelTotals.byLabel();
  }

  /** By source: `readBytes`, `lostBytes`, and `dropped:` with each reason. */
  get fileTotals(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#fileTotals.byLabel();
  }

  setChannels(channels: readonly EventChannel[]): void {
    this.#channels = channels;
    this.#channelTotals.update(
      channels.map(({ channel, read, skipped, resubscribed, invalidPositions, dropped }) => ({
        source: channel,
        label: channel,
        counts: { read, skipped, resubscribed, invalidPositions, ...named(dropped) },
      })),
    );
  }

  setFiles(files: readonly LogFile[]): void {
    this.#files = files;
    this.#fileTotals.update(
      files.map(({ service = '', docker = '', path, source, readBytes, lostBytes, dropped }) => ({
        source: JSON.stringify([service, docker, source, path]),
        label: source,
        counts: { readBytes, lostBytes, ...named(dropped) },
      })),
    );
  }
}

function named(dropped: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(dropped).map(([reason, count]) => [DROPPED + reason, count]));
}
