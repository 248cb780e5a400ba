// Recognizes paths of Windows that name a device or a pipe instead of a file.

/**
 * Names of DOS devices. They are devices in each folder, with any extension, and with spaces behind them.
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const DOS_DEVICE =
  /^(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *([.:]|$)/i;

/** `\\?\C:\...`, `\\?\UNC\server\share\...` and `\\?\Volume{...}\...`, the same with `\\.\` and `\??\`: files. */
const FILE_NAMESPACE = /^\\(?:\\[.?]|\?\?)\\(?:[a-z]:\\|unc\\|volume\{[\da-f-]+\}\\)/i;
const ANY_NAMESPACE = /^\\(?:\\[.?]|\?\?)(?:\\|$)/;

/** Shares of each Windows server that are no folders: `\\server\pipe\name` and `\\server\mailslot\name`. */
const PIPE_SHARE = /^(?:\\(?:\\[.?]|\?\?)\\unc|\\)\\[^\\]+\\(?:pipe|mailslot)(?:\\|$)/i;

/** Whether a path names a device, a pipe or a mailslot of Windows. Pure: it opens nothing. */
export function isDevicePath(path: string): boolean {
  const plain = path.replaceAll('/', '\\');
  if (PIPE_SHARE.test(plain)) return true;
  if (ANY_NAMESPACE.test(plain) && !FILE_NAMESPACE.test(plain)) return true;
  // Behind a drive, too: C:NUL.
  return plain
    .replace(/^[a-z]:/i, '')
    .split('\\')
    .some((part) => DOS_DEVICE.test(part));
}
