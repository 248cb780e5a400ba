// The TLS context of all destinations: authorities of the system and of ca-file, and the client certificate.
import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { reasonOf } from '../../base/errors.ts';
import { readSmallFile } from '../../base/small-file.ts';

export interface TrustOptions {
  /** PEM file with authorities in addition to those of the system. */
  readonly caFile: string | undefined;
  readonly clientCertificateFile: string | undefined;
  readonly clientKeyFile: string | undefined;
  readonly insecureSkipVerify: boolean;
}

export interface TlsContext {
  readonly context: SecureContext;
  readonly rejectUnauthorized: boolean;
}

/** Reads the files of `TrustOptions`; replaced by tests. */
export interface TrustFiles {
  /** Changes when the file does; undefined when there is none. */
  version(path: string): Promise<string | undefined>;
  /** Throws when the file cannot be read. */
  read(path: string): string;
}

const files: TrustFiles = {
  async version(path) {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      return `${mtimeMs}:${size}:${ino}`;
    } catch {
      return undefined;
    }
  },
  read: (path) => readSmallFile(path),
};

const certificatePem = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/**
 * Builds one context at the first request by TLS, which reads some hundred certificates, and again when one of the
 * files has changed. A file that cannot be used is a problem, and the requests go on without it. Node reads the
 * authorities of the system once per process: https://nodejs.org/api/tls.html#tlsgetcacertificatestype
 */
export class Trust {
  readonly #options: TrustOptions;
  readonly #files: TrustFiles;
  #version = '';
  #current: TlsContext | undefined;
  #problems: readonly string[] = [];

  constructor(options: TrustOptions, trustFiles: TrustFiles = files) {
    this.#options = options;
    this.#files = trustFiles;
  }

  /** The same object until a file changes. Never rejects. */
  async context(): Promise<TlsContext> {
    const { caFile, clientCertificateFile, clientKeyFile } = this.#options;
    const paths = [caFile, clientCertificateFile, clientKeyFile];
    const versions = await Promise.all(paths.map(async (path) => path && (await this.#files.version(path))));
    const version = JSON.stringify(versions);
    if (this.#current && version === this.#version) return this.#current;
    this.#version = version;
    this.#current = this.#build();
    return this.#current;
  }

  /** What is wrong with the files, for people; empty if nothing is, and before the first context. */
  problem(): string {
    return this.#problems.join('; ');
  }

  #build(): TlsContext {
    const { insecureSkipVerify } = this.#options;
    const problems: string[] = [];
    const ca = insecureSkipVerify ? undefined : this.#authorities(problems);
    const client = this.#clientCertificate(problems);
    this.#problems = problems;
    return { context: this.#contextOf(ca, client, problems), rejectUnauthorized: !insecureSkipVerify };
  }

  #contextOf(ca: string[] | undefined, client: object | undefined, problems: string[]): SecureContext {
    try {
      return createSecureContext({ ...(ca && { ca }), ...client });
    } catch (error) {
      problems.push(`certificate authorities cannot be used, only those of Node count: ${reasonOf(error)}`);
      return createSecureContext({ ...client });
    }
  }

  #authorities(problems: string[]): string[] {
    const own: string[] = [];
    const { caFile } = this.#options;
    if (caFile !== undefined) {
      try {
        own.push(...parseAuthorities(this.#files.read(caFile)));
      } catch (error) {
        problems.push(
          `ca-file ${caFile} cannot be used, only the authorities of the system count: ${fileFault(error)}`,
        );
      }
    }
    return [...new Set([...getCACertificates('default'), ...systemAuthorities(problems), ...own])];
  }

  #clientCertificate(problems: string[]): { cert: string; key: string } | undefined {
    const { clientCertificateFile, clientKeyFile } = this.#options;
    if (clientCertificateFile === undefined && clientKeyFile === undefined) return undefined;
    if (clientCertificateFile === undefined || clientKeyFile === undefined) {
      problems.push('client-certificate-file and client-key-file must both be set: no client certificate is sent');
      return undefined;
    }
    let path = clientCertificateFile;
    let name = 'client-certificate-file';
    try {
      const cert = this.#files.read(path);
      parseAuthorities(cert);
      [name, path] = ['client-key-file', clientKeyFile];
      const key = this.#files.read(path);
      if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(key)) throw new Error('an encrypted key is not supported');
      createSecureContext({ cert, key });
      return { cert, key };
    } catch (error) {
      problems.push(`${name} ${path} cannot be used, no client certificate is sent: ${fileFault(error)}`);
      return undefined;
    }
  }
}

function systemAuthorities(problems: string[]): readonly string[] {
  try {
    return getCACertificates('system');
  } catch (error) {
    problems.push(`the certificate authorities of the system cannot be read: ${reasonOf(error)}`);
    return [];
  }
}

/** Each certificate of a PEM file. Throws when it has none, or one that is damaged. */
function parseAuthorities(text: string): string[] {
  const found = text.match(certificatePem) ?? [];
  if (found.length === 0) throw new Error('it has no certificate in PEM format (certutil -encode converts one)');
  for (const [at, pem] of found.entries()) {
    try {
      new X509Certificate(pem);
    } catch {
      throw new Error(`certificate ${at + 1} of ${found.length} is damaged`);
    }
  }
  return found;
}

/** The reason without the contents of the file; errors of OpenSSL have none. */
function fileFault(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key does not belong to the certificate';
  return reasonOf(error);
}
