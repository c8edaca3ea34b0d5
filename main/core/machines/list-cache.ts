/** The last known lists of each account, in the profile, so that the desktop opens and is useful offline. Nothing here is precious. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { machine } from '../../../protocol/api/machines.ts';
import { session } from '../../../protocol/api/terminals.ts';
import { time } from '../../../protocol/api/values.ts';
import { createOrder } from '../in-order.ts';
import type { Log } from '../log/log.ts';

const lists = z.object({ as_of: time, machines: z.array(machine), sessions: z.array(session) });
export type CachedLists = z.infer<typeof lists>;

/** Operations happen in the order they were asked for: what is forgotten is not written again by who was slower. */
export interface ListCache {
  /** Null: nothing is kept, or it cannot be read. */
  read(account: string): Promise<CachedLists | null>;
  write(account: string, known: CachedLists): Promise<void>;
  forget(account: string): Promise<void>;
}

export function createListCache(profile: string, log: Log): ListCache {
  const folder = join(profile, 'cache');
  const inOrder = createOrder();
  const fileOf = (account: string): string => join(folder, `${account}.json`);
  const read = async (account: string): Promise<CachedLists | null> => {
    try {
      return lists.parse(JSON.parse(await readFile(fileOf(account), 'utf8')));
    } catch (error) {
      if (!isMissing(error)) log.info({ err: error, account }, 'cached lists not read');
      return null;
    }
  };
  const write = async (account: string, known: CachedLists): Promise<void> => {
    const path = fileOf(account);
    const draft = `${path}.${randomUUID()}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, JSON.stringify(known), { mode: 0o600 });
      await rename(draft, path);
    } catch (error) {
      log.info({ err: error, account }, 'lists not cached');
      await rm(draft, { force: true }).catch(() => undefined);
    }
  };
  const forget = (account: string): Promise<void> =>
    rm(fileOf(account), { force: true }).catch((error: unknown) => log.warn({ err: error }, 'cache not removed'));
  return {
    read: (account) => inOrder(() => read(account)),
    write: (account, known) => inOrder(() => write(account, known)),
    forget: (account) => inOrder(() => forget(account)),
  };
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
