// Settings that select containers.
import { DOCKER_HOST_FORMS } from '../base/docker-host.ts';
import { parseNamePatterns } from './name-patterns.ts';
import { dockerAddress, durationFromZero, parseBoolean } from './parsers.ts';
import type { Setting } from './setting.ts';

const re2 = 'RE2 regular expressions, not empty';

export const containerSettings = {
  containerAllowlist: {
    name: 'container-allowlist',
    kind: 'list',
    placeholder: 'pattern',
    default: [],
    allowed: re2,
    help: 'report only containers whose id matches one of these, without regard to case; may be repeated',
    parse: (patterns) => parseNamePatterns(patterns, true),
  },
  containerDenylist: {
    name: 'container-denylist',
    kind: 'list',
    placeholder: 'pattern',
    default: [],
    allowed: re2,
    help:
      'do not report containers whose id matches one of these, without regard to case; overrides container-allowlist; ' +
      'may be repeated',
    parse: (patterns) => parseNamePatterns(patterns, false),
  },
  minContainerAgeMs: {
    name: 'min-container-age',
    kind: 'text',
    placeholder: 'duration',
    default: '30s',
    allowed: 'a duration from 0, e.g. 30s',
    help: 'containers younger than this are not reported yet; 0 reports all',
    parse: durationFromZero,
  },
  serviceInclude: {
    name: 'service-include',
    kind: 'list',
    placeholder: 'pattern',
    default: [],
    allowed: re2,
    help:
      'services whose name matches one of these, without regard to case, are containers even if they start manually ' +
      'or by a trigger; may be repeated',
    parse: (patterns) => parseNamePatterns(patterns, false),
  },
  dockerHost: {
    name: 'docker-host',
    kind: 'text',
    placeholder: 'address',
    default: '',
    allowed: DOCKER_HOST_FORMS,
    help: 'where the Docker daemon of this machine listens; by default at DOCKER_HOST, else at the pipe of Docker',
    parse: dockerAddress,
  },
  disableDocker: {
    name: 'disable-docker',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'do not read containers of Docker',
    parse: parseBoolean,
  },
  disableGpuMonitoring: {
    name: 'disable-gpu-monitoring',
    kind: 'switch',
    default: 'false',
    allowed: 'true or false',
    help: 'do not read GPUs',
    parse: parseBoolean,
  },
} as const satisfies Record<string, Setting>;
