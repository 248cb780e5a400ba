// What redaction keeps in a text: words of fixed lists, small numbers, versions, amounts and file names made of these.
import { OWN_WORDS } from './words/own-source.ts';
import { PROGRAMS } from './words/programs.ts';
import { TECHNICAL_WORDS } from './words/technical.ts';
import { SVCHOST_GROUPS, WINDOWS_WORDS } from './words/windows.ts';
import { WINDOWS_SERVICES } from './words/windows-services.ts';

interface Vocabulary {
  /** Names that are kept as a whole. */
  readonly names: ReadonlySet<string>;
  /** Names of several words are made of these. */
  readonly words: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly svchostGroups: ReadonlySet<string>;
}

let built: Vocabulary | undefined;

/** Built by the first redaction: about half a megabyte, which an agent that redacts nothing does not need. */
function vocabulary(): Vocabulary {
  built ??= build();
  return built;
}

function build(): Vocabulary {
  const listed = (...texts: string[]): Set<string> => new Set(texts.join(' ').toLowerCase().trim().split(/\s+/));
  const names = listed(WINDOWS_SERVICES, PROGRAMS, TECHNICAL_WORDS, WINDOWS_WORDS, OWN_WORDS, SVCHOST_GROUPS);
  return {
    names,
    words: new Set([...names].filter((name) => /^[a-z]{2,}$/.test(name))),
    services: listed(WINDOWS_SERVICES),
    svchostGroups: listed(SVCHOST_GROUPS),
  };
}

const FILE_EXTENSIONS = `bat cab cat cer cfg cmd conf config cpl crt dll drv etl evtx exe gz inf ini jar js json log md
  mjs  msc msi msp mui ocx pem ps1 psd1 psm1 sys tape tmp ts txt vbs wal xml zip`;
const fileExtension = new RegExp(`\\.(?:${FILE_EXTENSIONS.split(/\s+/).join('|')})$`, 'i');

const harmlessShapes: readonly RegExp[] = [
  // A number; longer ones may be an account, a telephone number or an address.
  /^\d{1,6}$/,
  // An amount with its unit.
  /^\d{1,6}(?:\.\d{1,6})?(?:%|[kmgt]?i?b|[mun]?s|m|h|d|x|bit|hz|khz|mhz|ghz|[kmg]bps|[kmg]bit)?$/i,
  // A version; addresses and hardware addresses are found before.
  /^v?(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){1,2}$/i,
  // With four parts, one of which no address has.
  /^v?(?=.*\d{4}|.*[3-9]\d\d)(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){3}$/i,
  /^\d\.0\.0\.0$/,
  /^v\d{1,3}$/i,
  // A date, also with a time in UTC. The colons of the time separate it.
  /^(?:19|20)\d\d-[01]\d-[0-3]\d(?:T[0-2]\d)?$/,
  /^[0-5]\d\.\d{3}Z$/,
  // A Win32 error, an HRESULT of Win32, an NTSTATUS, or a small number.
  /^0x(?:[\da-f]{1,4}|0000[\da-f]{4}|8007[\da-f]{4}|[4c]000[\da-f]{4})$/i,
  // A language with a country.
  /^[a-z]{2}-[A-Z]{2}$/,
  // A session of the window manager or the font driver.
  /^(?:DWM|UMFD)-\d{1,4}$/,
  /^(?:ethernet|eth|lo|ifb|wlan)\d{1,2}$/i,
  /^[aciorsvx]$/i,
];

/** Whether a name is one of the key names of Windows' own services. */
export function isWindowsService(name: string): boolean {
  return vocabulary().services.has(name.toLowerCase());
}

export function isSvchostGroup(name: string): boolean {
  return vocabulary().svchostGroups.has(name.toLowerCase());
}

/** The extension of a known kind of file, with its dot; empty for other names. */
export function extensionOf(name: string): string {
  return fileExtension.exec(name)?.[0] ?? '';
}

/** Whether a name may stay as a whole: it is listed, a number, or made of listed words. Texts have separators. */
export function isHarmless(name: string): boolean {
  const lower = name.toLowerCase().replaceAll('’', "'");
  if (vocabulary().names.has(lower) || harmlessShapes.some((shape) => shape.test(name))) return true;
  const extension = extensionOf(name);
  if (extension !== '') return isHarmless(name.slice(0, -extension.length));
  return isMadeOfWords(name);
}

/** `requiredRight`, `NetworkService`, `read-only`, `coroot_agent_passes_total`; with digits it may be a host's name. */
function isMadeOfWords(name: string): boolean {
  if (!/^[A-Za-z]+(?:[-_/][A-Za-z]+)*$/.test(name)) return false;
  const parts = partsOf(name);
  return (
    parts.length > 1 && parts.some(({ length }) => length > 3) && parts.every((part) => vocabulary().words.has(part))
  );
}

/** Lower-case words of a name. */
export function partsOf(name: string): string[] {
  return [...name.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\w\s\p{P}\p{S}]+/gu)].map(([part]) =>
    part.toLowerCase(),
  );
}
