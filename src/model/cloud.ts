// The cloud instance: what its metadata service says, with the values of the settings before it.
import type { CloudInstance } from '../sources/host.ts';

/** Settings that replace what the metadata service says; undefined where they are not set. */
export interface CloudOverrides {
  readonly provider?: string | undefined;
  readonly region?: string | undefined;
  readonly availabilityZone?: string | undefined;
  readonly instanceType?: string | undefined;
  readonly instanceLifeCycle?: string | undefined;
}

/** Every fact as text; empty where it is unknown, or outside of a cloud. */
export type CloudFacts = Readonly<Record<keyof CloudInstance, string>>;

const UNKNOWN: CloudFacts = {
  provider: '',
  accountId: '',
  instanceId: '',
  instanceType: '',
  instanceLifeCycle: '',
  region: '',
  availabilityZone: '',
  availabilityZoneId: '',
  localIpv4: '',
  publicIpv4: '',
};

export class Cloud {
  /** Replaced only when a fact changes, so that label sets can be stored with it. */
  instance: CloudFacts;
  readonly #overrides: Partial<CloudFacts>;

  constructor(overrides: CloudOverrides = {}) {
    this.#overrides = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value));
    this.instance = { ...UNKNOWN, ...this.#overrides };
  }

  update(found: CloudInstance): void {
    const now: CloudFacts = { ...UNKNOWN, ...found, ...this.#overrides };
    const names = Object.keys(UNKNOWN) as (keyof CloudFacts)[];
    if (names.some((name) => now[name] !== this.instance[name])) this.instance = now;
  }
}
