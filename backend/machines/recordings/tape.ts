/** The recording of one session on its way to its file: gathered, written, tried again while the disk refuses. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { GapReason } from './gap.ts';
import { encodePage } from './page.ts';
import { createRecording, LET_GO_MS, type Begin, type Recording, type Told } from './recording.ts';
import { troubleOf, writeAt, type Disk, type RecordingFile } from './recording-file.ts';

/** Output is gathered so long, or until it is so much: fewer and larger writes. */
const GATHER_MS = 100;
const GATHER_BYTES = 256 * 1024;
const TRY_AGAIN_MS = 1000;
/** A shell that is quiet holds no open file. */
const KEPT_OPEN_MS = 5000;

export interface Tape {
  readonly recording: Recording;
  /** So much of the file is whole. */
  readonly length: number;
  tell(what: Exclude<Told, { is: 'opened' }>): void;
  /** Writes what there is, once, and leaves the file as it is then: it can be gone on with. */
  close(): Promise<void>;
  /** Writes nothing any more. */
  abandon(): Promise<void>;
}
interface Parts {
  readonly file: string;
  readonly disk: Disk;
  /** Of the file's pages. */
  readonly mark: Buffer;
  /** How much of the file is whole. */
  readonly length: number;
  readonly begin: Omit<Begin, 'now'>;
  readonly moment: () => Moment;
  readonly granted: (grant: Grant | null) => void;
  readonly letGo: (reason: GapReason, fromS: number) => void;
  readonly over: () => void;
  /** By what should not happen. */
  readonly failed: (error: unknown) => void;
}

export function createTape(parts: Parts): Tape {
  const { moment } = parts;
  const recording = createRecording({ ...parts.begin, now: moment() }, parts);
  const closed = new AbortController();
  let { length } = parts;
  let file: RecordingFile | null = null;
  let gathering: NodeJS.Timeout | null = null;
  let idle: NodeJS.Timeout | null = null;
  let working: Promise<void> | null = null;

  /** What was torn is cut off first: behind the next page it could be taken for the rest of one. */
  const openWhole = async (): Promise<RecordingFile> => {
    const opened = await parts.disk.open(parts.file);
    try {
      await opened.truncate(length);
      return opened;
    } catch (error) {
      await opened.close().catch(() => undefined);
      throw error;
    }
  };
  const store = async (bytes: Buffer): Promise<void> => {
    file ??= await openWhole();
    await writeAt(file, bytes, length);
    length += bytes.length;
  };
  const letGoInTime = (): NodeJS.Timeout => {
    const waitMs = Math.min(LET_GO_MS, Math.max(0, recording.deadline - moment().monotonic) + 1);
    return setTimeout(() => recording.tick(moment()), waitMs);
  };
  /** Until it is stored, or there is no sense in it any more. */
  const persist = async (bytes: Buffer): Promise<void> => {
    while (!recording.isOver) {
      const late = letGoInTime();
      try {
        await store(bytes);
        return recording.wrote(moment());
      } catch (error) {
        recording.failed(troubleOf(error), moment());
        if (closed.signal.aborted) return;
        await pause(TRY_AGAIN_MS, undefined, { signal: closed.signal }).catch(() => undefined);
      } finally {
        clearTimeout(late);
      }
    }
  };
  const work = async (): Promise<void> => {
    for (let page = recording.next(); page !== null; page = recording.next())
      await persist(encodePage(parts.mark, page));
    if (recording.isOver) await finish();
    else idle = setTimeout(() => void closeFile(), KEPT_OPEN_MS);
  };
  const begin = (): void => {
    if (gathering) clearTimeout(gathering);
    if (idle) clearTimeout(idle);
    gathering = null;
    working ??= work()
      .catch(parts.failed)
      .finally(() => {
        working = null;
        wake();
      });
  };
  const wake = (): void => {
    if (working || closed.signal.aborted || !recording.isWaiting) return;
    if (recording.waitingBytes >= GATHER_BYTES || recording.isEnding) begin();
    else gathering ??= setTimeout(begin, GATHER_MS);
  };
  const closeFile = async (): Promise<void> => {
    const open = file;
    file = null;
    await open?.close().catch(() => undefined); // what it was given is written
  };
  const finish = async (): Promise<void> => {
    try {
      await file?.truncate(length);
      await file?.datasync();
    } catch {
      // its verdict says already what the disk did not take
    }
    await closeFile();
    parts.over();
  };
  const stop = async (): Promise<void> => {
    closed.abort();
    if (gathering) clearTimeout(gathering);
    await working;
    if (idle) clearTimeout(idle);
  };

  return {
    recording,
    get length() {
      return length;
    },
    tell(what) {
      if (closed.signal.aborted) return;
      recording.tell(what, moment());
      wake();
    },
    async close() {
      await stop();
      if (!recording.isOver) begin();
      await stop();
      await closeFile();
    },
    async abandon() {
      await stop();
      await closeFile();
    },
  };
}
