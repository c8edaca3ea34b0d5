/** Whose certificates are believed: the computer's own authorities, those that come with Node, and a file the person gives. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Environment } from './proxy.ts';

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;
/** Where Linux distributions keep the bundle: Debian and Arch, Fedora and RHEL, SUSE, Alpine. */
const LINUX_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const MAC_KEYCHAINS = [
  '/System/Library/Keychains/SystemRootCertificates.keychain',
  '/Library/Keychains/System.keychain',
];

/** What the computer trusts beside what Node brings. What cannot be read adds nothing. */
export async function systemAuthorities(platform: NodeJS.Platform, env: Environment): Promise<readonly string[]> {
  const given = [env['SSL_CERT_FILE'], env['NODE_EXTRA_CA_CERTS']].filter((path) => path !== undefined);
  const parts = await Promise.all([ofPlatform(platform), ...given.map(bundle)]);
  return [...new Set([...tls.rootCertificates, ...parts.flat()])];
}

async function ofPlatform(platform: NodeJS.Platform): Promise<readonly string[]> {
  const known = fromNode();
  if (known !== null) return known;
  if (platform === 'linux') return firstOf(LINUX_BUNDLES);
  if (platform === 'darwin') return fromMacKeychains();
  return []; // Windows: only a Node that can ask the system knows
}

/** Node 22.15 and later ask the system by themselves, on every platform. */
function fromNode(): readonly string[] | null {
  const ask: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof ask !== 'function') return null;
  const answer: unknown = Reflect.apply(ask, tls, ['system']);
  return z.array(z.string()).parse(answer);
}

async function firstOf(paths: readonly string[]): Promise<readonly string[]> {
  for (const path of paths) {
    const found = await bundle(path);
    if (found.length > 0) return found;
  }
  return [];
}

async function bundle(path: string): Promise<readonly string[]> {
  try {
    return certificatesIn(await readFile(path, 'utf8'));
  } catch {
    return [];
  }
}

/** Those that can be read: a single bad one would spoil the context they go into. */
const certificatesIn = (text: string): string[] => (text.match(PEM) ?? []).filter((pem) => problemOf(pem) === null);

function problemOf(pem: string): string | null {
  try {
    return new X509Certificate(pem).fingerprint256 === '' ? 'no certificate' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function fromMacKeychains(): Promise<readonly string[]> {
  try {
    const args = ['find-certificate', '-a', '-p', ...MAC_KEYCHAINS];
    const { stdout } = await promisify(execFile)('/usr/bin/security', args, { maxBuffer: 16 * 1024 * 1024 });
    return certificatesIn(stdout);
  } catch {
    return [];
  }
}

export type ExtraAuthorities =
  { readonly ok: true; readonly certificates: readonly string[] } | { readonly ok: false; readonly detail: string };

/** The person's own file. Here it matters that it is what it should be. */
export async function extraAuthorities(path: string): Promise<ExtraAuthorities> {
  try {
    const certificates = (await readFile(path, 'utf8')).match(PEM) ?? [];
    if (certificates.length === 0) return { ok: false, detail: `${path} holds no certificate in PEM form.` };
    const problem = certificates.map(problemOf).find((each) => each !== null);
    return problem === undefined ? { ok: true, certificates } : { ok: false, detail: `${path}: ${problem}` };
  } catch (error) {
    return { ok: false, detail: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
