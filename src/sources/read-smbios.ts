// Reads the SMBIOS tables of the machine.
import { GetSystemFirmwareTable, RSMB } from '../native/kernel32.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * RawSMBIOSData. Throws when the firmware has none.
 * https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable
 */
export function readSmbiosTables(): Buffer {
  const size = GetSystemFirmwareTable(RSMB, 0, null, 0);
  const buffer = Buffer.alloc(Math.min(size, MAX_BYTES));
  const written = GetSystemFirmwareTable(RSMB, 0, buffer, buffer.length);
  if (written === 0 || written > buffer.length) throw new Error('the firmware has no SMBIOS table');
  return buffer.subarray(0, written);
}
