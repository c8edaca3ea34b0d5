/** Virtual recordings: a disk that outlives the service, and the recorder of one service, which writes to it. */
import type { Gap, GapReason } from '../../backend/machines/recordings/gap.ts';
import type { Page } from '../../backend/machines/recordings/page.ts';
import {
  createRecording,
  MOST_WAITING,
  type Recording,
  type Told,
} from '../../backend/machines/recordings/recording.ts';
import type { Grant } from '../../protocol/wire/credit.ts';
import { RING_BYTES } from './agent.ts';
import type { Rule } from './rules.ts';
import type { Shell } from './shell.ts';
import type { World } from './world.ts';

const KIB = 1024;
/** Beyond its window a recorder may be given what was under way when it attached, or came back. */
const MOST_AT_ONCE = MOST_WAITING + 64 * KIB;
/** A disk that becomes slow or fast is so for what it has not taken yet. */
const TAKEN_AT_ONCE = 64 * KIB;
/** What is read ahead, and the room between two checkpoints. */
const RING_MARGIN = 256 * KIB;
const TRY_AGAIN_MS = 1000;

export interface VirtualFile {
  end: number;
  at: number;
  gaps: readonly Gap[];
  isOver: boolean;
  /** What the verdict says, where the disk did not take the end. */
  missing: readonly Gap[];
}
export interface VirtualDisk {
  bytesPerMs: number;
  isFull: boolean;
  /** It was full or slow at some time. */
  hadTrouble: boolean;
  readonly files: Map<string, VirtualFile>;
}
export interface VirtualRecorder {
  tell(session: string, what: Told): void;
  resume(session: string, head: number): number | null;
  /** Sessions that are over: what no service before wrote to its end gets one now. */
  settle(sessions: readonly string[]): void;
  die(): void;
}
export interface RecorderParts {
  readonly world: World;
  readonly without: ReadonlySet<Rule>;
  readonly disk: VirtualDisk;
  shell(session: string): Shell | null;
  granted(session: string, grant: Grant | null): void;
}

export function startRecorder(parts: RecorderParts): VirtualRecorder {
  const { world, without, disk } = parts;
  const recordings = new Map<string, Recording>();
  let isDead = false;

  const moment = () => ({ monotonic: world.now, wall: world.now });
  const begin = (session: string): Recording => {
    const file = disk.files.get(session);
    const recording = createRecording(
      { startedAt: 0, now: moment(), found: file ?? null, size: { cols: 80, rows: 24 } },
      {
        granted: (grant) => (without.has('recorderHolds') ? undefined : parts.granted(session, grant)),
        letGo: (reason) => world.log(`the recorder lets go: ${reason}`),
      },
    );
    if (!file) disk.files.set(session, { end: 0, at: 0, gaps: [], isOver: false, missing: [] });
    recordings.set(session, recording);
    if (without.has('recorderHolds')) world.after(0, () => parts.granted(session, null));
    return recording;
  };
  const work = (session: string, recording: Recording): void => {
    if (recording.waitingBytes > MOST_AT_ONCE) world.fail('service-memory', 'too much waits for the disk');
    const page = isDead ? null : recording.next();
    if (page) write(session, recording, page);
  };
  const write = (session: string, recording: Recording, page: Page): void => {
    watch(recording);
    take(sizeOf(page), () => {
      if (disk.isFull) recording.failed('disk-full', moment());
      else {
        store(session, page);
        recording.wrote(moment());
        return work(session, recording);
      }
      if (!recording.isOver) world.after(TRY_AGAIN_MS, () => (isDead ? undefined : write(session, recording, page)));
      else giveUp(session, recording);
    });
  };
  const take = (bytes: number, taken: () => void): void => {
    const now = Math.min(bytes, TAKEN_AT_ONCE);
    world.after(0.2 + now / disk.bytesPerMs, () => {
      if (isDead) return;
      if (now < bytes) take(bytes - now, taken);
      else taken();
    });
  };
  const giveUp = (session: string, { gaps }: Recording): void => {
    const file = disk.files.get(session);
    if (file) file.missing = gaps.filter(({ from }) => from >= file.end);
  };
  const watch = (recording: Recording): void => {
    if (without.has('letGo') || recording.deadline === Number.POSITIVE_INFINITY) return;
    world.at(recording.deadline + 1, () => {
      if (!isDead) recording.tick(moment());
    });
  };
  const store = (session: string, page: Page): void => {
    const file = disk.files.get(session);
    const shell = parts.shell(session);
    if (!file || !shell) return;
    for (const item of page.items) {
      if (item.is === 'output') {
        const end = file.end + item.bytes.length;
        if (shell.written.compare(item.bytes, 0, item.bytes.length, file.end, end) !== 0)
          world.fail('recording-wrong', `what it has from ${file.end} on is not what the shell wrote`);
        file.end = end;
      } else if (item.is === 'gap') pass(file, item.gap, shell);
    }
    if (file.end !== page.end) world.fail('recording-wrong', `it says ${page.end} where it is at ${file.end}`);
    Object.assign(file, { at: page.at, gaps: page.gaps, isOver: page.isLast });
  };
  const pass = (file: VirtualFile, gap: Gap, shell: Shell): void => {
    if (gap.from !== file.end) world.fail('recording-wrong', `a gap from ${gap.from} on is stated at ${file.end}`);
    const because = faultOf(gap.reason, { from: gap.from, length: shell.length });
    if (because !== null) world.fail('recording-hole', `${gap.from} to ${gap.to}: ${gap.reason}, but ${because}`);
    file.end = gap.to ?? file.end;
  };
  const faultOf = (reason: GapReason, { from, length }: { from: number; length: number }): string | null => {
    if (reason === 'overwritten') return length - from < RING_BYTES - RING_MARGIN ? 'the agent had it still' : null;
    if (reason === 'not-received') return null;
    return disk.hadTrouble ? null : 'the disk was well';
  };

  return {
    tell(session, what) {
      const recording = recordings.get(session) ?? begin(session);
      if (what.is !== 'opened') recording.tell(what, moment());
      work(session, recording);
    },
    resume(session, head) {
      const known = recordings.get(session);
      if (known === undefined && disk.files.get(session)?.isOver) return null;
      const recording = known ?? begin(session);
      if (recording.isEnding) return null;
      return without.has('recordedFrom') ? head : recording.position;
    },
    settle(sessions) {
      for (const session of sessions) {
        const isOpen = disk.files.get(session)?.isOver === false;
        if (isOpen && !recordings.has(session)) this.tell(session, { is: 'ended', offset: null });
      }
    },
    die() {
      isDead = true;
    },
  };
}

function sizeOf({ items }: Page): number {
  return items.reduce((sum, item) => sum + (item.is === 'output' ? item.bytes.length : 100), 0);
}
