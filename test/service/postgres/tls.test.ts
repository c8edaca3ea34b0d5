/** PostgreSQL over TLS: a server whose certificate verifies is used, and to any other nothing is said, in words that help. */
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { dataFault } from '../../../backend/data/data-folder.ts';
import { openStore } from '../../../backend/store/open.ts';
import { backendPrograms, buildBackend, signInTo } from '../backend-program.ts';
import { makeCertificates, type Certificates, type ServerCertificate } from '../core/certificates.ts';
import { newObjectId } from '../store.ts';
import { makeDatabase } from './database.ts';
import { dataFolderOf, sql } from './sql.ts';

const patiently = { timeout: 20_000 };
let certificates: Certificates;
beforeAll(async () => {
  [certificates] = await Promise.all([makeCertificates(), buildBackend()]);
});
afterAll(async () => {
  await admin('alter system reset ssl', 'select pg_reload_conf()');
  await certificates[Symbol.asyncDispose]();
});

const admin = (...statements: readonly string[]) => sql(inject('postgres')?.adminUrl ?? '', ...statements);
/** The server of all tests speaks TLS too from now on, beside what it did. */
async function present(certificate: ServerCertificate, isPresented: () => Promise<void>): Promise<void> {
  const { folder, uid, gid } = await dataFolderOf(inject('postgres')?.adminUrl ?? '');
  for (const [name, text] of Object.entries({ 'tls.key': certificate.key, 'tls.crt': certificate.cert })) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    chownSync(join(folder, name), uid, gid);
  }
  const files = ["alter system set ssl_key_file = 'tls.key'", "alter system set ssl_cert_file = 'tls.crt'"];
  await admin(...files, 'alter system set ssl = on', 'select pg_reload_conf()');
  await isPresented();
}
/** The same database by TLS, under a name that its certificate has. */
function over(url: string, authorityFile?: string): string {
  const tls = new URL(url);
  tls.hostname = 'localhost';
  tls.searchParams.set('sslmode', 'verify-full');
  if (authorityFile !== undefined) tls.searchParams.set('sslrootcert', authorityFile);
  return tls.href;
}
async function faultOf(databaseUrl: string) {
  try {
    await using _ = await openStore({ place: { databaseUrl }, now: () => 0, newObjectId });
    return 'none';
  } catch (error) {
    return dataFault(error);
  }
}
const isVerified = (url: string) =>
  expect.poll(() => faultOf(over(url, certificates.authorityFile)), patiently).toBe('none');
const isOfAnother = (url: string) =>
  expect.poll(() => faultOf(over(url, certificates.authorityFile)), patiently).toBe('database-untrusted');

describe('a database with sslmode=verify-full', () => {
  it('is used by TLS where its authority is known, and refused in plain words where it is not', async () => {
    await using database = await makeDatabase({ empty: true });
    await present(certificates.server, () => isVerified(database.url));
    using programs = backendPrograms();
    const { data } = programs;
    const unknowing = { DATABASE_URL: over(database.url), JWT_SECRET: 'shared by the programs of a test, long enough' };
    const env = { ...unknowing, NODE_EXTRA_CA_CERTS: certificates.authorityFile };
    const email = 'ada@harbour.test';
    const first = ['bootstrap', '--organization', 'Harbour', '--email', email, '--username', 'ada', '--data', data];

    const refused = await programs.run(first, { env: unknowing });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^webxterm-backend: The certificate of the database \w+ on localhost:\d+ cannot be/);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);

    const made = await programs.run(first, { env });
    const { password } = z.object({ password: z.string() }).parse(JSON.parse(made.stdout));
    const { url } = await programs.serve(0, { env });
    expect((await signInTo(url, email, password)).user.username).toBe('ada');
    const name = new URL(database.url).pathname.slice(1);
    const encrypted = `select bool_and(ssl) as all from pg_stat_ssl join pg_stat_activity using (pid) where datname = '${name}'`;
    const [seen] = await admin(encrypted);
    expect(seen).toEqual({ all: true });
    const examined = await programs.run(['doctor', '--data', data], { env });
    expect(examined.stdout).toContain('✔ database connection: What goes to the database cannot be read on its way.');
    const ill = await programs.run(['doctor', '--data', data], { env: unknowing });
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('is refused where its certificate is for another name, or over', async () => {
    await using database = await makeDatabase({ empty: true });
    for (const wrong of [certificates.otherName, certificates.expired]) {
      await present(certificates.server, () => isVerified(database.url));
      await present(wrong, () => isOfAnother(database.url));
    }
  });
});
