// Options of the host model from the settings.
import type { SettingPatterns } from './api/context.ts';
import type { ModelOptions } from './model/host-model.ts';
import type { Config } from './settings/index.ts';

/** Records a second of one container and source that go to OTLP and to the recent messages; all are counted. */
export const RECORDS_PER_SECOND = 100;

export function modelOptions(config: Config): ModelOptions {
  return {
    minContainerAgeMs: config.minContainerAgeMs,
    filter: (id) =>
      config.containerDenylist(id) ? 'denied' : config.containerAllowlist(id) ? 'selected' : 'not-allowed',
    includeService: config.serviceInclude,
    network: {
      ephemeralPorts: config.ephemeralPortRange,
      publicNetworks: config.trackPublicNetwork,
      maxDestinations: config.maxDestinationsPerContainer,
      maxDomains: config.maxFqdnsPerContainer,
    },
    cloud: {
      provider: config.provider,
      region: config.region,
      availabilityZone: config.availabilityZone,
      instanceType: config.instanceType,
      instanceLifeCycle: config.instanceLifeCycle,
    },
    logs: config.disableLogParsing
      ? 'off'
      : {
          rules: config.logParsingRules,
          json: !config.disableJsonLogParsing,
          patternsPerLevel: config.logPatternsPerContainer,
          maxSampleBytes: config.maxLabelLength,
          recordsPerSecond: RECORDS_PER_SECOND,
        },
  };
}

/** Patterns of names by the setting that has them. */
export function namePatterns(config: Config): SettingPatterns {
  return {
    'service-include': config.serviceInclude,
    'container-allowlist': config.containerAllowlist,
    'container-denylist': config.containerDenylist,
  };
}
