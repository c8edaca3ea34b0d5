/** Whose certificates are believed: those that come with Node, the computer's own, and a file of the person's. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Debian and Arch, Fedora and RHEL, SUSE, Alpine. */
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
const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/gu;

export interface TrustSources {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--ca` of the configuration. */
  readonly caFile: string | null;
}
export type Trust =
  | { readonly ok: true; readonly authorities: readonly string[] }
  | { readonly ok: false; readonly code: 'ca-unreadable'; readonly message: string };

/** A given file must be good; what cannot be read of the computer's own adds nothing. */
export async function loadTrust({ platform, env, caFile }: TrustSources): Promise<Trust> {
  const given = caFile === null ? [] : await certificatesOf(caFile);
  if (caFile !== null && given.length === 0) {
    return {
      ok: false,
      code: 'ca-unreadable',
      message: `${caFile} cannot be read, or holds no certificate in PEM form.`,
    };
  }
  const named = [env['SSL_CERT_FILE'], env['NODE_EXTRA_CA_CERTS']].filter((file) => file !== undefined);
  const extra = await Promise.all([systemCertificates(platform), ...named.map(certificatesOf)]);
  return { ok: true, authorities: [...new Set([...tls.rootCertificates, ...extra.flat(), ...given])] };
}

/** Node 22.15 and later can ask the system itself. */
const askingNode = z.object({
  getCACertificates: z.custom<(type: 'system') => string[]>((value) => typeof value === 'function'),
});

async function systemCertificates(platform: NodeJS.Platform): Promise<readonly string[]> {
  const node = askingNode.safeParse(tls);
  if (node.success) return node.data.getCACertificates('system');
  if (platform === 'darwin') return macCertificates();
  if (platform !== 'linux') return [];
  for (const file of LINUX_BUNDLES) {
    const found = await certificatesOf(file);
    if (found.length > 0) return found;
  }
  return [];
}

async function macCertificates(): Promise<readonly string[]> {
  const args = ['find-certificate', '-a', '-p', ...MAC_KEYCHAINS];
  const listed = await promisify(execFile)('/usr/bin/security', args, { maxBuffer: 2 ** 24 }).catch(() => null);
  return listed === null ? [] : certificatesIn(listed.stdout);
}

async function certificatesOf(file: string): Promise<readonly string[]> {
  return certificatesIn(await readFile(file, 'utf8').catch(() => ''));
}

/** One that cannot be parsed would spoil all the others. */
const certificatesIn = (text: string) => (text.match(CERTIFICATE) ?? []).filter(isCertificate);

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256.length > 0;
  } catch {
    return false;
  }
}
