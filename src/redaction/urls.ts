// Redacts a URL: keeps its scheme and port; the host has a stand-in, everything else is removed.
import { isIP } from 'node:net';
import { MASK } from '../base/mask-secrets.ts';
import { percentDecoded } from '../base/percent-decoded.ts';
import type { Scrubbing } from './scrubbing.ts';
import { isHarmless } from './vocabulary.ts';

export function scrubUrl(text: string, scrubber: Scrubbing): string {
  const [, schemeText = '', slashes = '', rest = ''] = /^([^:]*):([\\/]+)(.*)$/s.exec(text) ?? [];
  const scheme = isHarmless(schemeText) ? schemeText : '*';
  const [, address = '', end = ''] = /^(.*?)([.,;:!?)\]}]*)$/s.exec(rest)!;
  // Paths of files are readable as far as other paths are.
  if (/^file$/i.test(scheme) && (slashes.length > 2 || /^[a-z]:/i.test(address)))
    return `${scheme}:${slashes}${scrubber.text(percentDecoded(address))}${end}`;
  const at = address.search(/@(?!.*@)|%(?:25)*40(?!.*%(?:25)*40)/is);
  const location = at < 0 ? address : address.slice(at).replace(/^(?:@|%(?:25)*40)/i, '');
  const [, host = '', port = '', path = ''] = /^(\[[^\]]*\]|[^\\/?#:]*)(:\d{1,5})?(.*)$/s.exec(location)!;
  const shown = /^[+*]?$/.test(host) ? host : hostText(host, scrubber);
  const user = at < 0 ? '' : `${MASK}@`;
  return `${scheme}:${slashes}${user}${shown}${port}${path === '' || path === '/' ? path : '/*/'}${end}`;
}

function hostText(host: string, scrubber: Scrubbing): string {
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 ? scrubber.host(host) : scrubber.text(host);
}
