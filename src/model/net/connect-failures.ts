// Names for the NTSTATUS of failed connects ([MS-ERREF] 2.3.1).

const reasons = new Map([
  [0xc000_0236, 'refused'],
  [0xc000_00b5, 'timeout'],
  [0xc000_023d, 'host unreachable'],
  [0xc000_023c, 'network unreachable'],
  [0xc000_0120, 'cancelled'],
  [0xc000_0241, 'aborted'],
  [0xc000_020d, 'reset'],
  [0xc000_0207, 'bad address'],
  [0xc000_0022, 'access denied'],
]);

/** e.g. `refused`; the number for a status without a word here. */
export function failureReason(status: number): string {
  return reasons.get(status) ?? `status 0x${status.toString(16).padStart(8, '0')}`;
}
