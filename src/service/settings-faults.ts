// Checks the places of the settings before anything is read from them: the data folder, and a file that is named.
import { win32 } from 'node:path';
import { isDevicePath } from '../base/device-path.ts';
import { AgentError } from '../base/errors.ts';
import { serviceSid } from '../base/sid.ts';
import { checkDataFolder, type Fault, faultsOf, faultText, isAccessDenied } from './folder-faults.ts';
import { SERVICE_NAME } from './names.ts';
import { ancestorFaults, ancestorsOf, trustedAccounts } from './path-faults.ts';
import { type SecureFiles, windowsFiles } from './secure-files.ts';

export interface SettingsPlaces {
  readonly dataFolder: string;
  /** The file that COROOT_SETTINGS_FILE names. */
  readonly namedFile: string | undefined;
  /** The account of this process. */
  readonly self: string;
  /** An administrator can read every access list; without, an installed data folder is out of reach, and not used. */
  readonly elevated: boolean;
}

/**
 * Throws DATA_FOLDER_UNSAFE or SETTINGS_FILE_UNSAFE if other accounts could have written what this process reads as its
 * settings, or can read what is secret in it.
 */
export function checkSettingsPlaces(places: SettingsPlaces, files: SecureFiles = windowsFiles): void {
  const { dataFolder, namedFile, self, elevated } = places;
  if (namedFile) checkSettingsFile(namedFile, self, files);
  if (elevated || !isAccessDenied(dataFolder, files)) checkDataFolder(dataFolder, self, files);
}

/** Throws SETTINGS_FILE_UNSAFE. A file that does not exist is safe: reading it is an error of its own. */
export function checkSettingsFile(path: string, self: string | undefined, files: SecureFiles = windowsFiles): void {
  const file = win32.resolve(path);
  const unsafe = (reason: string) => new AgentError('SETTINGS_FILE_UNSAFE', { file: path, reason });
  if (isDevicePath(path)) throw unsafe('it is a device or a pipe');
  if (!/^(?:\\\\[?.]\\)?[a-z]:\\/i.test(file)) throw unsafe('it is not on a drive of this machine');
  const service = serviceSid(SERVICE_NAME);
  const mayChange = new Set(trustedAccounts(self));
  mayChange.delete(service);
  const rules = { mayChange, mayRead: new Set([...mayChange, service]) };
  const faults: Fault[] = [
    ...(faultsOf(file, rules, files)?.faults ?? []),
    ...ancestorFaults(ancestorsOf(file), mayChange, files),
  ];
  if (faults.length > 0) throw unsafe(faultText(faults));
}
