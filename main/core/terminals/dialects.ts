/** Which servers speak which dialect of the wire, remembered over restarts where it matters. */
import type { Notices } from '../notices.ts';
import type { ProfileFile } from '../settings/profile-file.ts';
import type { Dialects } from './connection.ts';

interface DialectsParts {
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
  readonly notices: Notices;
}

export function createDialects({ file, notices }: DialectsParts): Dialects {
  const isFramed = (address: string): boolean => file.stored.framed.includes(address);
  return {
    isFramed,
    sawFramed(address) {
      if (!isFramed(address)) file.change({ framed: [...file.stored.framed, address] });
    },
    sawPlain(address) {
      notices.tell({
        level: 'info',
        code: 'plain-server',
        message: `The server ${new URL(address).host} speaks only the simple protocol. Its terminals work, but a broken connection ends them.`,
      });
    },
  };
}
