/** The terminals of this desktop: they belong to it and not to a window, and come back after a restart. */
import type { Terminal } from '../../../protocol/bridge/events.ts';
import type { Result } from '../../../protocol/bridge/failure.ts';
import type { CarrierPort } from '../../host/host.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { done, fail, ok } from '../outcome.ts';
import type { ProfileFile } from '../settings/profile-file.ts';
import type { StoredTerminal } from '../settings/stored.ts';
import { variable, type Watched } from '../variable.ts';
import { createEntry, type Entry, type EntryParts } from './entry.ts';
import type { Wish } from './attaching.ts';

export interface Terminals extends AsyncDisposable {
  readonly list: Watched<readonly Terminal[]>;
  open(wish: OpenWish): Result<{ readonly terminal: string }>;
  adopt(wish: AdoptWish): Result<{ readonly terminal: string }>;
  close(terminal: string): Result<{ readonly undo_ms: number }>;
  keep(terminal: string): Result<null>;
  rename(terminal: string, title: string): Result<null>;
  /** A window's carrier; one for a terminal that is not here is closed. */
  openPort(terminal: string, port: CarrierPort): void;
  wake(): void;
}
interface Size {
  readonly cols: number;
  readonly rows: number;
}
interface OpenWish extends Size {
  readonly account: string;
  readonly agent_id: string;
  readonly cwd?: string | undefined;
}
interface AdoptWish extends Size {
  readonly account: string;
  readonly agent_id: string;
  readonly session_id: string;
  readonly take: boolean;
}
interface TerminalsParts extends Omit<EntryParts, 'owner' | 'changed'> {
  readonly accounts: Accounts;
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
  readonly newId: () => string;
  /** In which a closed terminal can be taken back. */
  readonly undoMs: number;
}

/** How long the app waits, when it is closed, for sessions that were just closed to hear of it. */
const LAST_WORD_MS = 1_000;
/** Until the window says how large it is. */
const USUAL_SIZE: Size = { cols: 80, rows: 24 };

export function createTerminals(parts: TerminalsParts): Terminals {
  const { accounts, file } = parts;
  const stop = new AbortController();
  /** In the order they were opened; those that are leaving are no longer shown. */
  const entries = new Map<string, Entry>();
  const list = variable<readonly Terminal[]>([]);

  const changed = (): void => {
    for (const entry of entries.values()) {
      if (!entry.leaving || !entry.over) continue;
      entry.dispose();
      entries.delete(entry.id);
    }
    const all = [...entries.values()];
    list.set(all.filter((entry) => !entry.leaving).map((entry) => entry.shown()));
    file.change({ terminals: all.flatMap((entry) => entry.stored() ?? []) });
  };
  const add = (about: Omit<StoredTerminal, 'session_id'>, wish: Omit<Wish, 'client'>): Entry | null => {
    const account = accounts.get(about.account);
    if (account === undefined) return null;
    const entry = createEntry(about, { ...wish, client: about.terminal }, { ...parts, owner: account, changed });
    entries.set(entry.id, entry);
    return entry;
  };
  const nameOf = (account: string, agentId: string): string =>
    accounts.get(account)?.lists.machines.get(agentId)?.name ?? agentId;
  const create = (where: Pick<OpenWish, 'account' | 'agent_id'>, wish: Omit<Wish, 'client'>, startedAt: string) => {
    const terminal = parts.newId();
    const name = nameOf(where.account, where.agent_id);
    const about = { terminal, account: where.account, agent_id: where.agent_id, machine_name: name, title: name };
    const entry = add({ ...about, started_at: startedAt, closing: false }, wish);
    if (entry === null) return fail('unknown-account');
    changed();
    return ok({ terminal });
  };
  const withEntry = <T>(terminal: string, work: (entry: Entry) => Result<T>): Result<T> => {
    const entry = entries.get(terminal);
    return entry === undefined || entry.leaving ? fail('unknown-terminal') : work(entry);
  };
  const isoNow = (): string => new Date(parts.now()).toISOString();

  const restore = (): void => {
    for (const { session_id: sessionId, ...about } of file.stored.terminals) {
      const entry = add(about, { ...USUAL_SIZE, session: { sessionId, take: false } });
      if (about.closing) entry?.leave(); // the app was closed before its session heard of it
    }
    changed();
  };
  restore();
  accounts.all.watch((present) => {
    const ids = new Set(present.map((account) => account.id));
    const gone = [...entries.values()].filter((entry) => !ids.has(entry.account));
    for (const entry of gone) {
      entry.dispose();
      entries.delete(entry.id);
    }
    if (gone.length > 0) changed();
  }, stop.signal);
  let online = new Set<string>();
  accounts.state.watch((state) => {
    const before = online;
    online = new Set(state.accounts.filter((each) => each.state === 'online').map((each) => each.account));
    for (const entry of entries.values()) {
      if (online.has(entry.account) && !before.has(entry.account)) entry.serverIsBack();
    }
  }, stop.signal);

  return {
    list,
    open: ({ cols, rows, cwd, ...where }) =>
      create(
        where,
        { cols, rows, session: { openId: parts.newId(), ...(cwd === undefined ? {} : { cwd }) } },
        isoNow(),
      ),
    adopt({ session_id: sessionId, take, cols, rows, ...where }) {
      const here = [...entries.values()].find((entry) => !entry.leaving && entry.sessionId() === sessionId);
      if (here !== undefined) {
        if (take) here.take();
        return ok({ terminal: here.id });
      }
      const startedAt = accounts.get(where.account)?.lists.sessions.get(sessionId)?.started_at ?? isoNow();
      return create(where, { cols, rows, session: { sessionId, take } }, startedAt);
    },
    close: (terminal) =>
      withEntry(terminal, (entry) => {
        entry.close(parts.undoMs);
        return ok({ undo_ms: parts.undoMs });
      }),
    keep: (terminal) =>
      withEntry(terminal, (entry) => {
        entry.keep();
        return done;
      }),
    rename: (terminal, title) =>
      withEntry(terminal, (entry) => {
        entry.rename(title);
        return done;
      }),
    openPort(terminal, port) {
      const entry = entries.get(terminal);
      if (entry === undefined) port.close();
      else entry.openPort(port);
    },
    wake() {
      for (const entry of entries.values()) entry.wake();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      const closing = [...entries.values()].filter((entry) => entry.closing);
      for (const entry of closing) entry.leave();
      await Promise.race([Promise.all(closing.map((entry) => entry.ended)), lastWord(closing.length)]);
      changed();
      for (const entry of entries.values()) entry.dispose();
    },
  };
}

const lastWord = (waitedFor: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, waitedFor === 0 ? 0 : LAST_WORD_MS).unref();
  });
