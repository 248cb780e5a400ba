// Settings that replace what the metadata service of a cloud reports.
import { anyText } from './parsers.ts';
import type { Setting } from './setting.ts';

const cloudText = {
  kind: 'text',
  placeholder: 'name',
  default: undefined,
  allowed: 'any text',
  parse: anyText,
} as const;

export const cloudSettings = {
  provider: { ...cloudText, name: 'provider', help: 'cloud provider; no metadata service is asked then' },
  region: { ...cloudText, name: 'region', help: 'region, overrides the metadata service' },
  availabilityZone: {
    ...cloudText,
    name: 'availability-zone',
    help: 'availability zone, overrides the metadata service',
  },
  instanceType: { ...cloudText, name: 'instance-type', help: 'instance type, overrides the metadata service' },
  instanceLifeCycle: {
    ...cloudText,
    name: 'instance-life-cycle',
    help: 'instance life cycle, overrides the metadata service',
  },
} as const satisfies Record<string, Setting>;
