/** What is wrong, and what to do about it, for the person who started the program. */
import type { StartFault } from '../serve.ts';
import { withoutPassword } from '../store/postgres/url.ts';

export interface Where {
  readonly dataFolder: string;
  readonly databaseUrl: string | null;
  readonly listenHost: string;
  readonly port: number;
}

export function sentenceFor(code: StartFault, { dataFolder, databaseUrl, listenHost, port }: Where): string {
  const place = databaseUrl === null ? dataFolder : `the database ${withoutPassword(databaseUrl)}`;
  switch (code) {
    case 'port-taken':
      return `Port ${port} of ${listenHost} is taken by another program. End that one, or choose another port with --port.`;
    case 'port-forbidden':
      return `This user may not listen on port ${port}. Choose one above 1023 with --port.`;
    case 'address-not-here':
      return `${listenHost} is no address of this computer. Give one that is with --host.`;
    case 'data-not-writable':
      return `The data folder ${dataFolder} cannot be written. Check who owns it and whether the disk is full, or choose another with --data.`;
    case 'data-damaged':
      return `The data in ${place} is damaged, and was left as it is. Put back a backup of it, or move it aside to begin anew.`;
    case 'data-newer':
      return `The data in ${place} was changed by a newer webxterm-backend. Run that version, or put back a backup from before.`;
    case 'database-unreachable':
      return `There is no answer from ${place}. Check DATABASE_URL, and that the PostgreSQL server runs and may be reached from here.`;
    case 'database-untrusted':
      return `The certificate of ${place} cannot be verified, so nothing was said to it. Name its authority’s file in NODE_EXTRA_CA_CERTS, and the server in DATABASE_URL by the name that its certificate has.`;
    case 'database-refused':
      return `PostgreSQL refuses ${place}. Check the name and password in DATABASE_URL, that the database exists, and that this user may make tables in it.`;
    case 'data-in-use':
      return `Another webxterm-backend serves ${dataFolder} already. End that one, or choose another folder with --data.`;
    case 'data-busy':
      return `Another program is writing to ${place} and does not come to an end. Try again.`;
  }
}

export const OLDEST_NODE = [20, 19] as const;

/** Null: this Node will do. */
export function nodeComplaint(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `webxterm-backend needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${version}. Install a newer Node, then try again.`;
}
