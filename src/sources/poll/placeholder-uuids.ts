// System UUIDs that firmware has where the manufacturer set none: many machines share each of them.

/**
 * Well-known placeholders, each with a project that excludes it.
 * FreeBSD: https://cgit.freebsd.org/src/tree/libexec/rc/rc.d/hostid
 * osquery: https://github.com/osquery/osquery/pull/4374
 * FOG: https://github.com/FOGProject/fogproject/blob/master/packages/web/lib/fog/hostmanager.class.php
 */
export const PLACEHOLDER_UUIDS: readonly { readonly uuid: string; readonly source: string }[] = [
  { uuid: '00020003-0004-0005-0006-000700080009', source: 'FreeBSD, FOG' },
  { uuid: '03000200-0400-0500-0006-000700080009', source: 'FreeBSD, osquery' },
  { uuid: '03020100-0504-0706-0809-0A0B0C0D0E0F', source: 'osquery' },
  { uuid: '07090201-0103-0301-0807-060504030201', source: 'FreeBSD' },
  { uuid: '10000000-0000-8000-0040-000000000000', source: 'osquery' },
  { uuid: '11111111-2222-3333-4444-555555555555', source: 'FreeBSD' },
  { uuid: '12345678-1234-5678-90AB-CDDEEFAABBCC', source: 'FOG' },
  // Dell with spaces instead of a service tag.
  { uuid: '4C4C4544-0000-2010-8020-80C04F202020', source: 'FreeBSD' },
  { uuid: '890E2D14-CACD-45D1-AE66-BC80E8BFEB0F', source: 'FreeBSD' },
  { uuid: '8E275844-178F-44A8-ACEB-A7D7E5178C63', source: 'FreeBSD' },
  { uuid: 'DC698397-FA54-4CF2-82C8-B1B5307A6A7F', source: 'FreeBSD' },
];

/** Both byte orders of the first three fields: firmware does not always follow its SMBIOS version. */
const placeholders = new Set(
  PLACEHOLDER_UUIDS.flatMap(({ uuid }) => {
    const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
    return [bytes.toString('hex'), swapFields(bytes).toString('hex')];
  }),
);

/**
 * Whether the 16 bytes of a system UUID identify no machine, in any byte order. Sixteen equal bytes are none: by DMTF
 * DSP0134 7.2.1 zeros mean "not set" and ones "not present", and firmware has 11, 20, 58 and FE as well. Neither are
 * twelve times FF after any first field (FreeBSD, FOG).
 */
export function isPlaceholderUuid(uuid: Buffer): boolean {
  return (
    uuid.every((byte) => byte === uuid[0]) ||
    uuid.subarray(4).every((byte) => byte === 0xff) ||
    placeholders.has(uuid.toString('hex'))
  );
}

/** A copy with the first three fields in the other byte order. */
export function swapFields(uuid: Buffer): Buffer {
  const bytes = Buffer.from(uuid);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
