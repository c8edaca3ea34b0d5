/** Certificates of a test's own: an authority, and what it signed. Made by openssl, gone with the folder. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../e2e/product/folder.ts';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}
export interface Certificates extends AsyncDisposable {
  /** The authority's own certificate, as a file. */
  readonly authorityFile: string;
  readonly server: ServerCertificate;
  /** For another name. */
  readonly otherName: ServerCertificate;
  /** Over since 2020. */
  readonly expired: ServerCertificate;
}

const run = promisify(execFile);
const CONFIG = `
[ca]
default_ca = usual
[usual]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = names
copy_extensions = copy
[names]
commonName = supplied
`;

/** `names`: what the server's certificate is for, beside 127.0.0.1 and localhost. */
export async function makeCertificates(names: readonly string[] = []): Promise<Certificates> {
  const folder = await makeFolder('certificates');
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder.path });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await writeFile(join(folder.path, 'ca.cnf'), CONFIG);
  await writeFile(join(folder.path, 'index.txt'), '');
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Harbour');
  const sign = async (name: string, subject: string, until: readonly string[]): Promise<ServerCertificate> => {
    const subjects = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${subject}`];
    await openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subjects);
    const signer = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
    await openssl('ca', '-batch', '-notext', ...signer, '-in', `${name}.csr`, '-out', `${name}.pem`, ...until);
    const file = join(folder.path, name);
    return { key: await readFile(`${file}.key`, 'utf8'), cert: await readFile(`${file}.pem`, 'utf8') };
  };
  const valid = ['-days', '2'];
  const here = ['IP:127.0.0.1', 'DNS:localhost', ...names.map((name) => `DNS:${name}`)].join(',');
  return {
    authorityFile: join(folder.path, 'ca.pem'),
    server: await sign('server', here, valid),
    otherName: await sign('other', 'DNS:elsewhere.example', valid),
    expired: await sign('expired', here, ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z']),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
