// Certificates for tests, made by openssl in a temporary folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly certificatePath: string;
  readonly keyPath: string;
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** As openssl has it, e.g. `DNS:localhost,IP:127.0.0.1`. */
  readonly names?: string;
  /** `YYYYMMDDHHMMSSZ`; without it the certificate is valid now. */
  readonly from?: string;
  readonly until?: string;
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';

const DATED_CONFIG = `[ca]
default_ca=own
[own]
database=index.txt
new_certs_dir=.
rand_serial=yes
default_md=sha256
policy=any
[any]
commonName=supplied
`;

/** An authority in a folder of its own. */
export class Authority implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  readonly path = join(this.folder, 'ca.pem');
  readonly cert: string;
  #next = 1;

  constructor() {
    this.#openssl(`req -x509 ${NEW_KEY} -subj /CN=TestCA -keyout ca.key -out ca.pem -days 30`);
    this.cert = readFileSync(this.path, 'utf8');
  }

  issue({ names = 'DNS:localhost,IP:127.0.0.1', from, until }: CertificateOptions = {}): Certificate {
    const name = `leaf${this.#next++}`;
    writeFileSync(join(this.folder, `${name}.ext`), `subjectAltName=${names}\n`);
    this.#openssl(`req ${NEW_KEY} -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    if (from === undefined) {
      const authority = '-CA ca.pem -CAkey ca.key -set_serial 7 -days 30';
      this.#openssl(`x509 -req -in ${name}.csr ${authority} -extfile ${name}.ext -out ${name}.pem`);
    } else this.#issueFor(name, from, until!);
    const [certificatePath, keyPath] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.key`)];
    const read = (path: string): string => readFileSync(path, 'utf8');
    return { certificatePath, keyPath, cert: read(certificatePath), key: read(keyPath) };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  /** `openssl x509` of Debian 12 takes no dates; `openssl ca` does. */
  #issueFor(name: string, from: string, until: string): void {
    writeFileSync(join(this.folder, 'ca.cnf'), DATED_CONFIG);
    writeFileSync(join(this.folder, 'index.txt'), '');
    const authority = '-config ca.cnf -cert ca.pem -keyfile ca.key';
    const dates = `-startdate ${from} -enddate ${until}`;
    this.#openssl(`ca -batch -notext ${authority} ${dates} -in ${name}.csr -extfile ${name}.ext -out ${name}.pem`);
  }

  #openssl(command: string): void {
    execFileSync('openssl', command.split(' '), { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
