/**
 * Whose the other end of a connection within this computer is: everybody here reaches every loopback port. Linux tells, in its tables of
 * connections; other systems tell nobody but their administrator.
 */
import { endianness } from 'node:os';
import { z } from 'zod';

export interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}
/** False: it is another person's, or nobody's any more. Rejects when it cannot be found out for now. */
export type IsOwnPeer = (ends: Ends) => Promise<boolean>;
interface PeerParts {
  readonly uid: number | undefined;
  /** `os.release()`. */
  readonly release: string;
  readonly readTable: (file: string) => Promise<string>;
}

const IPV4 = '/proc/net/tcp';
const IPV6 = '/proc/net/tcp6';
/** There is no such table here, or a sandbox shows none. Whatever else fails, another person may have brought about. */
const noTable = z.object({ code: z.enum(['ENOENT', 'EACCES']) });

export function createPeerCheck({ uid, release, readTable }: PeerParts): IsOwnPeer {
  // In WSL the browser is of Windows: its end is in no table here.
  if (uid === undefined || /microsoft/i.test(release)) return () => Promise.resolve(true);
  const read = (file: string): Promise<string | null> =>
    readTable(file).catch((error: unknown) => {
      if (noTable.safeParse(error).success) return null;
      throw error;
    });
  return async (ends) => {
    const table = await read(IPV4);
    if (table === null) return true;
    const { remoteAddress, remotePort, localAddress, localPort } = ends;
    // From the other side: what is remote here is local there.
    const [from, to] = [endOf(remoteAddress, remotePort), endOf(localAddress, localPort)];
    if (from === null || to === null) return false;
    return ownerIn(table, from.v4, to.v4) === uid || ownerIn((await read(IPV6)) ?? '', from.mapped, to.mapped) === uid;
  };
}

/** Null: there is no such connection, or its process has closed it, and it would be shown as root's. */
function ownerIn(table: string, from: string, to: string): number | null {
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , uid, , inode] = line.trim().split(/\s+/);
    if (local === from && remote === to) return inode === '0' ? null : Number(uid);
  }
  return null;
}

/** An IPv4 address and port as the tables have them; `mapped`: of a socket that speaks IPv6 too. */
function endOf(address: string | undefined, port: number | undefined) {
  const bytes = address?.split('.').map(Number);
  if (bytes?.length !== 4 || port === undefined) return null;
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return { v4: words(bytes) + end, mapped: words([...Array<number>(10).fill(0), 255, 255, ...bytes]) + end };
}

/** In words of four bytes, each as this processor has it. */
function words(bytes: readonly number[]): string {
  const hex = Buffer.from(bytes);
  return (endianness() === 'LE' ? hex.swap32() : hex).toString('hex').toUpperCase();
}
