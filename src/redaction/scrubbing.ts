// What the parts of redaction need of the scrubber that joins them.
import type { LearnedNames, NameKind } from './learned-names.ts';
import type { StandIns } from './stand-ins.ts';

export interface Scrubbing {
  readonly names: LearnedNames;
  readonly standIns: StandIns;
  /** The stand-in of a name, of the kind that was learned or else of `kind`. */
  standIn(kind: NameKind | 'sid' | 'mac', name: string): string;
  /** The stand-in of a host. The domain that follows the name of a known host belongs to that host. */
  host(name: string): string;
  /** `DOMAIN\user`, `user@domain` or a name alone. */
  account(account: string): string;
  text(text: string): string;
}
