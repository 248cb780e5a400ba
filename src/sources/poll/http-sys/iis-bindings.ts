// Web bindings of IIS sites, from the configuration file of IIS.
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { canonicalIp } from '../../../base/ip.ts';
import { readSmallFile } from '../../../base/small-file.ts';
import { ERROR_ACCESS_DENIED, Win32Error } from '../../../native/win32-error.ts';
import type { Url } from './reservations.ts';

/** The file of a server with some thousand sites has a few megabytes. */
const MAX_CONFIG_BYTES = 16 * 1024 * 1024;
/** Limit of bindings. */
const MAX_BINDINGS = 20_000;

const BINDING = 'configuration/system.applicationHost/sites/site/bindings/binding';
const REDIRECTION = 'configuration/configurationRedirection';

/** `*:80:www.example.com`, `10.0.0.5:443:`, `[fd00::5]:80:`: address, port, host name. */
export function parseBinding(protocol: string, information: string): Url | undefined {
  const scheme = protocol.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const [, address, digits, host] = /^(\[[^\]]*\]|[^:]*):(\d{1,5}):([^:]*)$/.exec(information.trim()) ?? [];
  const port = Number(digits);
  if (address === undefined || host === undefined || port < 1 || port > 65_535) return undefined;
  const ip = canonicalIp(address);
  // Such a site does not start. Without an address the binding would be for all of them.
  if (ip === undefined && address !== '' && address !== '*') return undefined;
  return {
    scheme,
    port,
    ...(ip === undefined ? {} : { ip }),
    ...(host === '' || host === '*' ? {} : { host }),
    path: '/',
  };
}

/** Web bindings of all sites in applicationHost.config. Throws Error when the text is not XML. */
export function parseBindings(xml: string): { bindings: Url[]; cut: boolean } {
  const bindings: Url[] = [];
  let cut = false;
  eachElement(xml, (path, attributes) => {
    const binding =
      path === BINDING ? parseBinding(attributes.protocol ?? '', attributes.bindingInformation ?? '') : undefined;
    if (binding && bindings.length === MAX_BINDINGS) cut = true;
    else if (binding) bindings.push(binding);
  });
  return { bindings, cut };
}

/** Folder of a shared configuration, from redirection.config; undefined when the configuration is not shared. */
export function parseRedirection(xml: string): string | undefined {
  let folder: string | undefined;
  eachElement(xml, (path, { enabled, path: target }) => {
    if (path === REDIRECTION && enabled?.toLowerCase() === 'true') folder = target ?? '';
  });
  return folder;
}

function eachElement(xml: string, open: (path: string, attributes: Readonly<Record<string, string>>) => void): void {
  const parser = new SaxesParser();
  const names: string[] = [];
  parser.on('opentag', ({ name, attributes }) => {
    names.push(name);
    open(names.join('/'), attributes);
  });
  parser.on('closetag', () => names.pop());
  parser.on('error', (error) => {
    throw new Error(`it is not XML: ${error.message}`);
  });
  parser.write(xml).close();
}

/** Bindings of this machine; none without IIS. `missing` is why there may be more. Throws Error or Win32Error. */
export function readBindings(folder = configFolder()): { bindings: Url[]; missing?: string } {
  const redirection = readConfig(join(folder, 'redirection.config'));
  const shared = redirection === undefined ? undefined : parseRedirection(redirection);
  // The local file is not in use then, and the shared file may be on another machine.
  if (shared !== undefined) return { bindings: [], missing: `the configuration of IIS is shared, in ${shared}` };
  const config = readConfig(join(folder, 'applicationHost.config'));
  const { bindings, cut } = config === undefined ? { bindings: [], cut: false } : parseBindings(config);
  return cut ? { bindings, missing: `only the first ${MAX_BINDINGS} are read` } : { bindings };
}

function configFolder(): string {
  return join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'inetsrv', 'config');
}

/** Undefined when the file does not exist. */
function readConfig(path: string): string | undefined {
  try {
    return readSmallFile(path, MAX_CONFIG_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES' || code === 'EPERM') throw new Win32Error(`opening ${path}`, ERROR_ACCESS_DENIED);
    throw error;
  }
}
