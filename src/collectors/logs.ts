// Log messages of containers and the node by pattern, and the state of what they are read from.
import type { SelfMetrics } from '../base/self-metrics.ts';
import type { EventCount } from '../model/logs/event-counts.ts';
import { DROPPED, type LogReaders } from '../model/logs/log-readers.ts';
import type { LogCount } from '../model/owner/log-counts.ts';
import { catalogue } from './catalogue.ts';
import type { Collector } from './collector.ts';

export const logCollector: Collector = {
  name: 'logs',
  collect({ model, selfMetrics, nodeLabels }, sink) {
    for (const container of model.containers.all()) {
      if (container.state !== 'running' || !container.logs) continue;
      const labels = (each: LogCount) => ({ ...nodeLabels, container_id: container.id, ...patternLabels(each) });
      for (const each of container.logs.values()) sink.add(catalogue.containerLogMessages, each, labels, each.count);
    }
    const { logs } = model;
    const labels = (each: LogCount) => ({ ...nodeLabels, ...patternLabels(each) });
    for (const each of logs.node?.values() ?? []) sink.add(catalogue.nodeLogMessages, each, labels, each.count);
    const eventLabels = (each: EventCount) => ({ ...nodeLabels, ...idOfEvent(each) });
    for (const each of logs.eventCounts.all())
      sink.add(catalogue.windowsEventLogMessages, each, eventLabels, each.count);
    if (!logs.observed) return;
    reportReaders(logs.readers, selfMetrics);
    selfMetrics.set(catalogue.selfLogWaiting, {}, logs.waiting);
    if (logs.recent.evicted > 0) selfMetrics.setTotals(catalogue.selfLogEvicted, [[{}, logs.recent.evicted]]);
    setByReason(catalogue.selfLogRecordsDropped, logs.dropped, selfMetrics);
    setByReason(catalogue.selfLogEventLosses, logs.eventLosses, selfMetrics);
  },
};

function idOfEvent({ channel, provider, eventId, level }: EventCount) {
  return { channel, provider, event_id: eventId, level };
}

function patternLabels({ source, level, hash, sample }: LogCount) {
  return { source, level, pattern_hash: hash, sample };
}

function setByReason(
  family: typeof catalogue.selfLogRecordsDropped | typeof catalogue.selfLogEventLosses,
  counts: ReadonlyMap<string, number>,
  selfMetrics: SelfMetrics,
): void {
  const totals = [...counts].filter(([, count]) => count > 0);
  if (totals.length > 0)
    selfMetrics.setTotals(
      family,
      totals.map(([reason, count]) => [{ reason }, count] as const),
    );
}

function reportReaders(readers: LogReaders, selfMetrics: SelfMetrics): void {
  for (const { channel, lag, problem } of readers.channels ?? []) {
    selfMetrics.set(catalogue.selfLogChannelUp, { channel }, problem === undefined ? 1 : 0);
    selfMetrics.set(catalogue.selfLogChannelLag, { channel }, lag);
  }
  const ofChannels = (counter: string) =>
    [...readers.channelTotals].map(([channel, totals]) => [{ channel }, totals.get(counter) ?? 0] as const);
  if (readers.channels) {
    selfMetrics.setTotals(catalogue.selfLogChannelRead, ofChannels('read'));
    selfMetrics.setTotals(catalogue.selfLogChannelSkipped, ofChannels('skipped'));
    selfMetrics.setTotals(catalogue.selfLogChannelResubscribed, ofChannels('resubscribed'));
    selfMetrics.setTotals(catalogue.selfLogChannelInvalidPositions, ofChannels('invalidPositions'));
  }
  const fromChannels = droppedOf(readers.channelTotals).map(
    ([channel, reason, count]) => [{ channel, reason }, count] as const,
  );
  if (fromChannels.length > 0) selfMetrics.setTotals(catalogue.selfLogChannelDropped, fromChannels);
  if (readers.files) reportFiles(readers, selfMetrics);
}

function reportFiles({ files = [], fileTotals }: LogReaders, selfMetrics: SelfMetrics): void {
  for (const state of ['waiting', 'reading', 'failed'])
    selfMetrics.set(catalogue.selfLogFiles, { state }, files.filter((file) => file.state === state).length);
  for (const source of fileTotals.keys()) {
    const ofSource = files.filter((file) => file.source === source);
    const lag = ofSource.reduce((sum, { lagBytes }) => sum + lagBytes, 0);
    selfMetrics.set(catalogue.selfLogFileLag, { source }, lag);
  }
  const ofSources = (counter: string) =>
    [...fileTotals].map(([source, totals]) => [{ source }, totals.get(counter) ?? 0] as const);
  selfMetrics.setTotals(catalogue.selfLogFileRead, ofSources('readBytes'));
  selfMetrics.setTotals(catalogue.selfLogFileLost, ofSources('lostBytes'));
  const dropped = droppedOf(fileTotals).map(([source, reason, count]) => [{ reason, source }, count] as const);
  if (dropped.length > 0) selfMetrics.setTotals(catalogue.selfLogFileDropped, dropped);
}

function droppedOf(totals: LogReaders['fileTotals']): [label: string, reason: string, count: number][] {
  return [...totals].flatMap(([label, counts]) =>
    [...counts]
      .filter(([name, count]) => name.startsWith(DROPPED) && count > 0)
      .map(([name, count]): [string, string, number] => [label, name.slice(DROPPED.length), count]),
  );
}
