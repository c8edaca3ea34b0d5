/** `doctor`: examines a deployment, and says in sentences what is wrong and what helps. */
import type { Config } from '../config.ts';
import { dataFault, placeOf, type DataParts } from '../data/data-folder.ts';
import type { Finding } from '../doctor/finding.ts';
import { examineFolder } from '../doctor/folder.ts';
import { examineMail } from '../doctor/mail.ts';
import { examineMicrosoft } from '../doctor/microsoft.ts';
import { examinePublic } from '../doctor/public.ts';
import { examineStore } from '../doctor/store.ts';
import { sentenceFor } from './sentences.ts';

export interface DoctorParts extends Pick<DataParts, 'library' | 'now'> {
  readonly config: Config;
  readonly version: string;
  readonly tell: (line: string) => void;
}

/** Answers the exit code. */
export async function runDoctor(
  parts: DoctorParts,
  { json = false }: { readonly json?: boolean | undefined },
): Promise<number> {
  const { config, library, now, version, tell } = parts;
  const place = placeOf({ library, folder: config.dataFolder, databaseUrl: config.databaseUrl });
  const findings: readonly Finding[] = [
    { check: 'configuration', state: 'ok', says: 'Every setting is as it may be.', remedy: null },
    ...(await examineFolder(config.dataFolder, config.jwtSecret)),
    ...(await examineStore({ place, now, faultOf: dataFault, sentenceFor: (fault) => sentenceFor(fault, config) })),
    ...(await outside({ config, now, version })),
    ...(config.mail === null ? [] : [await examineMail(config.mail)]),
    ...(config.microsoft === null ? [] : [await examineMicrosoft(config.microsoft)]),
  ];
  if (json) tell(JSON.stringify(findings));
  else for (const finding of findings) tell(told(finding));
  return findings.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function outside({
  config,
  now,
  version,
}: Pick<DoctorParts, 'config' | 'now' | 'version'>): Promise<readonly Finding[]> {
  const { publicUrl: url } = config;
  if (url === null) {
    const says = 'PUBLIC_URL is not set: only this computer reaches the server.';
    return [
      { check: 'public address', state: 'warning', says, remedy: 'Set it to the address that people and agents use.' },
    ];
  }
  return examinePublic({ url, version, now, hasTrustedProxies: config.hasTrustedProxies });
}

const marks = { ok: '✔', warning: '!', failed: '✖' } as const;

function told({ check, state, says, remedy }: Finding): string {
  return `${marks[state]} ${check}: ${says}${remedy === null ? '' : `\n    ${remedy}`}`;
}
