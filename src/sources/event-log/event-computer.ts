// Tells events of this machine from forwarded ones by the name of the computer.

/**
 * Longest NetBIOS name; Windows cuts longer host names:
 * https://learn.microsoft.com/windows/win32/sysinfo/computer-names
 */
const NETBIOS_CHARACTERS = 15;

/**
 * Whether both are names of one machine. Letter case makes no difference. A name without a domain equals one with
 * any domain, because events from before a machine has joined its domain have none.
 */
export function isSameComputer(a: string, b: string): boolean {
  const [nameA, nameB] = [a, b].map((name) => name.trim().replace(/\.$/, '').toLowerCase()) as [string, string];
  if (nameA === nameB) return true;
  if (nameA.includes('.') && nameB.includes('.')) return false;
  const [hostA, hostB] = [nameA, nameB].map((name) => name.split('.', 1)[0]!) as [string, string];
  return hostA === hostB || isCutName(nameA, hostB) || isCutName(nameB, hostA);
}

function isCutName(name: string, host: string): boolean {
  return name.length === NETBIOS_CHARACTERS && host.length > NETBIOS_CHARACTERS && host.startsWith(name);
}
