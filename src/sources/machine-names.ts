// The names of this machine: NetBIOS name, DNS host name and full DNS name.
import { hostname } from 'node:os';
import { checkBool } from '../native/check.ts';
import {
  ComputerNameDnsFullyQualified,
  ComputerNameDnsHostname,
  ComputerNameNetBIOS,
  ComputerNamePhysicalDnsFullyQualified,
  ComputerNamePhysicalDnsHostname,
  ComputerNamePhysicalNetBIOS,
  GetComputerNameExW,
} from '../native/kernel32.ts';

const MAX_NAME_CHARACTERS = 1024;

/** On a node of a cluster the physical names are those of the node, the others those of the virtual server. */
const forms = [
  ComputerNameDnsHostname,
  ComputerNameDnsFullyQualified,
  ComputerNameNetBIOS,
  ComputerNamePhysicalDnsHostname,
  ComputerNamePhysicalDnsFullyQualified,
  ComputerNamePhysicalNetBIOS,
];

/** Each name once, as the system spells it. Off Windows only the host name. A form that cannot be read is left out. */
export function machineNames(
  read: (form: number) => string = readComputerName,
  platform: NodeJS.Platform = process.platform,
): string[] {
  return [...new Set([hostname(), ...(platform === 'win32' ? forms.flatMap((form) => readable(read, form)) : [])])];
}

function readable(read: (form: number) => string, form: number): string[] {
  try {
    const name = read(form);
    return name === '' ? [] : [name];
  } catch {
    return [];
  }
}

/** `form` is a COMPUTER_NAME_FORMAT. Throws Win32Error. */
export function readComputerName(form: number): string {
  const buffer = Buffer.alloc(MAX_NAME_CHARACTERS * 2);
  const size = new Uint32Array([MAX_NAME_CHARACTERS]);
  checkBool('GetComputerNameExW', GetComputerNameExW(form, buffer, size));
  return buffer.toString('utf16le', 0, size[0]! * 2);
}
