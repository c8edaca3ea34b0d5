/**
 * Refusals in the audit. The first of a kind are written at once; the others are counted, and written as one entry when the window
 * ends: whoever is refused over and over fills no chain with it.
 */
import { serviceActor } from './audit.ts';
import type { PlatformNote, Store } from './store.ts';

export interface Refusals extends AsyncDisposable {
  /** Resolves when it is written or counted. Where it cannot be stored, that is logged: the refusal stands in any case. */
  note(refused: PlatformNote): Promise<void>;
}

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly failed: (error: unknown) => void;
  /** How long is counted together. */
  readonly windowMs: number;
}

export function createRefusals({ store, failed, windowMs }: Parts): Refusals {
  const tally = createTally();
  const writing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  const write = async ({ organizationId, actor, ...audit }: PlatformNote): Promise<void> => {
    try {
      await store.organization(organizationId).write(actor, () => Promise.resolve({ value: null, audit }));
    } catch (error) {
      failed(error);
    }
  };
  const end = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    for (const note of tally.end()) await write(note);
  };
  const endLater = (): void => {
    const ending = end().finally(() => writing.delete(ending));
    writing.add(ending);
  };
  return {
    async note(refused) {
      timer ??= setTimeout(endLater, windowMs).unref();
      if (tally.take(refused) === 'write') await write(refused);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(writing);
      await end();
    },
  };
}

/** By the same one, doing the same, in a window. */
const WRITTEN_OF_A_KIND = 5;
/** In one organization, in a window. What comes from more places than that is counted as one kind. */
const KINDS = 50;
const OTHERS = '';

interface Kind {
  /** So many more are written. */
  left: number;
  unwritten: number;
  readonly first: PlatformNote;
}

/** What is written of what is refused. Exported for its test: it is the rule, without a clock. */
export function createTally() {
  let organizations = new Map<string, Map<string, Kind>>();
  const kindOf = (note: PlatformNote): Kind => {
    const kinds = organizations.get(note.organizationId) ?? new Map<string, Kind>();
    organizations.set(note.organizationId, kinds);
    const own = `${note.action} ${note.actor.userId ?? note.actor.address ?? ''}`;
    const isOther = !kinds.has(own) && kinds.size >= KINDS;
    const key = isOther ? OTHERS : own;
    const left = isOther ? 0 : WRITTEN_OF_A_KIND;
    const kind = kinds.get(key) ?? { left, unwritten: 0, first: isOther ? othersOf(note) : note };
    kinds.set(key, kind);
    return kind;
  };
  return {
    take(note: PlatformNote): 'write' | 'count' {
      const kind = kindOf(note);
      if (kind.left > 0) {
        kind.left--;
        return 'write';
      }
      kind.unwritten++;
      return 'count';
    },
    /** What was counted, an entry for each kind. The next window begins. */
    end(): readonly PlatformNote[] {
      const kinds = [...organizations.values()].flatMap((ofOne) => [...ofOne.values()]);
      organizations = new Map();
      return kinds
        .filter(({ unwritten }) => unwritten > 0)
        .map(({ first, unwritten }) => ({ ...first, detail: { ...first.detail, more_times: unwritten } }));
    },
  };
}

function othersOf({ organizationId }: PlatformNote): PlatformNote {
  return { organizationId, actor: serviceActor, action: 'refusals_counted', status: 'failure' };
}
