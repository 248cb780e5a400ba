// Options of the host model from the settings.
import type { SettingPatterns } from './api/context.ts';
import type { ParserSettings } from './logs/parser-settings.ts';
import type { ModelOptions } from './model/host-model.ts';
import type { Config } from './settings/index.ts';

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
    logs: config.disableLogParsing ? 'off' : parserSettings(config),
  };
}

/** Of the parser of events and of that of files. */
export function parserSettings(config: Config): ParserSettings {
  return {
    rules: config.logParsingRules,
    json: !config.disableJsonLogParsing,
    patternsPerLevel: config.logPatternsPerContainer,
    maxSampleBytes: config.maxLabelLength,
    recordsPerSecond: config.logRecordsPerSecond,
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
