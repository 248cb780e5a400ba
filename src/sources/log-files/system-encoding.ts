// The ANSI code page of the system as an encoding of TextDecoder.
import { GetACP } from '../../native/kernel32-files.ts';

/** https://learn.microsoft.com/windows/win32/intl/code-page-identifiers; those of 1250 to 1258 have their number. */
const ENCODINGS: Readonly<Record<number, string>> = {
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  65001: 'utf-8',
};

/** Windows-1252 for a code page that `TextDecoder` does not have. */
export function encodingOfCodePage(codePage: number): string {
  return ENCODINGS[codePage] ?? (codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : 'windows-1252');
}

/** `system` stands for the code page of the system. */
export function resolveEncoding(setting: string): string {
  if (setting !== 'system') return setting;
  return process.platform === 'win32' ? encodingOfCodePage(GetACP()) : 'windows-1252';
}
