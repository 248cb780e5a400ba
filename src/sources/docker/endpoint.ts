// Where the Docker daemon listens: the pipe of Docker, DOCKER_HOST, or the setting.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCKER_HOST_FORMS, parseDockerHost } from '../../base/docker-host.ts';
import { maskUrl } from '../../base/mask-secrets.ts';

/** Address of a daemon, for `http.request`. */
export type DockerAddress =
  | { readonly kind: 'socket'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsOptions };

/** Options of `https.request`; the certificates are those of the folder DOCKER_CERT_PATH. */
export interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Whether the certificate of the daemon is verified. */
  readonly rejectUnauthorized: boolean;
}

export interface DockerEndpoint {
  /** As in DOCKER_HOST, e.g. `npipe:////./pipe/docker_engine`. */
  readonly text: string;
  readonly address: DockerAddress;
  /** Version of the API that DOCKER_API_VERSION asks for, e.g. `1.44`. */
  readonly apiVersion?: string;
}

/** Variables of Docker's own clients: https://docs.docker.com/reference/cli/docker/#environment-variables */
export type DockerVariables = Readonly<Record<string, string | undefined>>;

export const DEFAULT_ENDPOINT = 'npipe:////./pipe/docker_engine';
const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

/**
 * The endpoint that `host` names, in the form of DOCKER_HOST. TLS is as in Docker's clients: with DOCKER_CERT_PATH, and
 * the daemon's certificate is verified unless DOCKER_TLS_VERIFY is empty. Throws for a host that cannot be used, and
 * for certificates that cannot be read.
 */
export function dockerEndpoint(host: string, variables: DockerVariables): DockerEndpoint {
  const version = /^v?(\d{1,3}\.\d{1,3})$/.exec(variables.DOCKER_API_VERSION ?? '')?.[1];
  return { text: host, address: addressOf(host, variables), ...(version ? { apiVersion: version } : {}) };
}

function addressOf(text: string, variables: DockerVariables): DockerAddress {
  const parsed = parseDockerHost(text);
  if (!parsed) throw new Error(`the address of Docker, ${maskUrl(text)}, cannot be used: set ${DOCKER_HOST_FORMS}`);
  if (parsed.kind === 'socket') return parsed;
  const folder = variables.DOCKER_CERT_PATH ?? '';
  const verify = (variables.DOCKER_TLS_VERIFY ?? '') !== '';
  const isTls = folder !== '' || verify || parsed.isHttps;
  const { host, port = isTls ? DEFAULT_TLS_PORT : DEFAULT_PORT } = parsed;
  if (!isTls) return { kind: 'tcp', host, port };
  // Without a folder there is no certificate of one's own: the certification authorities of Node verify the daemon.
  const tls = folder === '' ? { rejectUnauthorized: true } : readTlsFiles(folder, verify);
  return { kind: 'tcp', host, port, tls };
}

function readTlsFiles(folder: string, rejectUnauthorized: boolean): TlsOptions {
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem'), rejectUnauthorized };
}
