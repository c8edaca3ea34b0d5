/** Records the output of sessions: a file for each, gone on with after a restart, and a verdict when it is over. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Store } from '../../store/store.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import type { MachineKey } from '../presence.ts';
import { MARK_BYTES } from './page.ts';
import type { Told } from './recording.ts';
import { fileOf, folderOf, removeFile, type Disk, type RecordingKey } from './recording-file.ts';
import { findEnd, readAsciicast, type Found } from './recording-reader.ts';
import {
  forgetRecordings,
  noteLetGo,
  recordables,
  storeBegin,
  storeVerdict,
  type Outcome,
  type Recordable,
} from './recordings-book.ts';
import { createTape, type Tape } from './tape.ts';

export interface Recorder extends AsyncDisposable {
  tell(machine: MachineKey, sessionId: string, what: Told): void;
  /** How far the recordings go of sessions that an agent still has. A session that is not in it is not recorded. */
  resume(machine: MachineKey, sessionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Gives their verdict to recordings whose session is over and that nothing more comes of: of one machine, or of all. */
  settle(organizationId: string, agentId?: string): Promise<void>;
  /** What is stored so far, as asciicast; null: nothing. */
  open(key: RecordingKey): Promise<Readable | null>;
  /** Rows and files. Of a session that runs nothing more is recorded. */
  remove(organizationId: string, sessionIds: readonly string[]): Promise<void>;
  /** The files of an organization that is being deleted, whose rows go with it. */
  removeOrganization(organizationId: string): Promise<void>;
}
interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly writes: BackgroundWrites;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly disk: Disk;
  readonly folder: string;
  /** Whether sessions are recorded. */
  readonly isOn: boolean;
  readonly granted: (agentId: string, sessionId: string, grant: Grant | null) => void;
  readonly now: () => number;
  readonly monotonic: () => number;
}

interface Entry {
  readonly key: RecordingKey;
  readonly tape: Tape;
}
type Begun = Pick<Recordable, 'agentId' | 'sessionId' | 'startedAt' | 'cols' | 'rows'>;

export function createRecorder(parts: Parts): Recorder {
  const { store, writes, log, now } = parts;
  const entries = new Map<string, Entry>();
  const moment = (): Moment => ({ monotonic: parts.monotonic(), wall: now() });

  const over = ({ organizationId, sessionId }: RecordingKey, is: Omit<Outcome, 'at'>): void => {
    const at = new Date(now());
    writes.add(storeVerdict(store.organization(organizationId), sessionId, { ...is, at }));
  };
  const start = (organizationId: string, begun: Begun, found: Found | null): Tape => {
    const { agentId, sessionId, startedAt, cols, rows } = begun;
    const key = { organizationId, sessionId };
    const tape = createTape({
      file: fileOf(parts.folder, key),
      disk: parts.disk,
      mark: found?.mark ?? randomBytes(MARK_BYTES),
      length: found?.length ?? 0,
      begin: { startedAt, found, size: { cols, rows } },
      moment,
      granted: (grant) => parts.granted(agentId, sessionId, grant),
      letGo(reason, fromS) {
        log.warn({ session_id: sessionId, reason }, 'a session is not recorded for now');
        writes.add(noteLetGo(store.organization(organizationId), sessionId, { reason, from_s: fromS }));
      },
      over() {
        entries.delete(sessionId);
        const { stored: bytes, gaps } = tape.recording;
        over(key, { bytes, gaps });
      },
      failed: (error) => log.error({ err: error, session_id: sessionId }, 'a recording failed'),
    });
    entries.set(sessionId, { key, tape });
    return tape;
  };
  const begin = (organizationId: string, begun: Begun): Tape => {
    const at = new Date(begun.startedAt);
    writes.add(storeBegin(store.organization(organizationId), begun.sessionId, at));
    return start(organizationId, begun, null);
  };
  /** Null: its end is stored already, and gets its verdict. */
  const goOn = async (organizationId: string, known: Recordable): Promise<Tape | null> => {
    const key = { organizationId, sessionId: known.sessionId };
    const found = await findEnd(fileOf(parts.folder, key));
    const running = entries.get(known.sessionId); // begun while the file was looked at
    if (running) return running.tape;
    if (!found?.isLast) return start(organizationId, known, found);
    over(key, { bytes: found.end, gaps: found.gaps });
    return null;
  };
  const resumed = async (organizationId: string, known: Recordable): Promise<Tape | null> => {
    const running = entries.get(known.sessionId);
    if (running) return running.tape;
    if (known.recording === 'over') return null;
    if (known.recording === 'open') return goOn(organizationId, known);
    return parts.isOn && !known.isEnded ? begin(organizationId, known) : null;
  };
  const forget = async (sessionId: string): Promise<void> => {
    const entry = entries.get(sessionId);
    entries.delete(sessionId);
    await entry?.tape.abandon();
  };

  return {
    tell({ organizationId, agentId }, sessionId, what) {
      if (what.is !== 'opened') return entries.get(sessionId)?.tape.tell(what);
      const { cols, rows } = what;
      begin(organizationId, { agentId, sessionId, startedAt: now(), cols, rows });
    },
    async resume({ organizationId }, sessionIds) {
      const ends = new Map<string, number>();
      for (const known of await recordables(store.organization(organizationId), { sessionIds })) {
        const tape = await resumed(organizationId, known);
        if (tape && !tape.recording.isEnding) ends.set(known.sessionId, tape.recording.position);
      }
      return ends;
    },
    async settle(organizationId, agentId) {
      const which = { unfinished: true, ...(agentId !== undefined && { agentId }) } as const;
      for (const known of await recordables(store.organization(organizationId), which)) {
        if (entries.has(known.sessionId)) continue;
        (await goOn(organizationId, known))?.tell({ is: 'ended', offset: null });
      }
    },
    async open(key) {
      const file = fileOf(parts.folder, key);
      const length = entries.get(key.sessionId)?.tape.length ?? (await findEnd(file))?.length ?? 0;
      return length > 0 ? Readable.from(readAsciicast(file, length), { objectMode: false }) : null;
    },
    async remove(organizationId, sessionIds) {
      const gone = await forgetRecordings(store.organization(organizationId), sessionIds);
      for (const sessionId of gone) {
        await forget(sessionId);
        await removeFile(fileOf(parts.folder, { organizationId, sessionId }));
      }
    },
    async removeOrganization(organizationId) {
      const own = [...entries.values()].filter(({ key }) => key.organizationId === organizationId);
      for (const { key } of own) await forget(key.sessionId);
      await removeFile(folderOf(parts.folder, organizationId));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...entries.values()].map(async ({ tape }) => tape.close()));
      entries.clear();
    },
  };
}

/** Beside the store. */
export function recordingsFolder(dataFolder: string): string {
  return path.join(dataFolder, 'recordings');
}
