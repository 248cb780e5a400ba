// Addresses of a Docker daemon in the form of DOCKER_HOST.

export type DockerHost =
  | { readonly kind: 'socket'; readonly socketPath: string }
  /** `port` is undefined where the address has none. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number | undefined; readonly isHttps: boolean };

/** For messages. */
export const DOCKER_HOST_FORMS = 'an address such as npipe:////./pipe/docker_engine or tcp://127.0.0.1:2375';

/** `npipe:////./pipe/NAME`, also with backslashes, `unix:///PATH` or `tcp://HOST:PORT`; undefined for anything else. */
export function parseDockerHost(text: string): DockerHost | undefined {
  const pipe = /^npipe:[\\/]{2,4}\.[\\/]pipe[\\/]([^\\/:*?"<>|]+)$/i.exec(text)?.[1];
  if (pipe !== undefined) return { kind: 'socket', socketPath: `\\\\.\\pipe\\${pipe}` };
  const socketPath = /^unix:\/\/(\/.+)$/.exec(text)?.[1];
  if (socketPath !== undefined) return { kind: 'socket', socketPath };
  const [, scheme = '', rest = ''] = /^(tcp|https?):\/\/([^/?#@\s]+)\/?$/i.exec(text) ?? [];
  // The port is read from the text: URL removes the default port of its scheme.
  const url = rest === '' || /:$/.test(rest) ? undefined : urlOf(`http://${rest}`);
  if (!url) return undefined;
  const port = /:(\d+)$/.exec(rest)?.[1];
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: port === undefined || rest.endsWith(']') ? undefined : Number(port),
    isHttps: scheme.toLowerCase() === 'https',
  };
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
