// Formats values for tables.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes with three digits and a binary unit, e.g. `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Seconds as the two largest of days, hours, minutes and seconds, e.g. `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** CPU seconds, e.g. `12.3 s`. */
export function formatSeconds(seconds: number): string {
  return seconds >= 100 ? formatDuration(seconds) : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** Local time to the second; empty for 0. */
export function formatTime(ms: number): string {
  if (ms === 0) return '';
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** An exit code in its usual notation: Win32 errors in decimal, NTSTATUS values in hexadecimal. */
export function formatExitCode(code: number): string {
  return code > 0xffff ? `0x${code.toString(16)}` : String(code);
}
