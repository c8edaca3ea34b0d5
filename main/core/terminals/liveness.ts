/** Whether bytes flow between here and the PTY: asked each 3 s while it matters, so that "attached" is never only a word. */
const PROBE_EVERY_MS = 3000;
const STALLED_AFTER_MS = 4000;
const GIVEN_UP_AFTER_MS = 10_000;
/** A machine may be away for days; that its return is told is not taken for granted. */
const ASK_AGAIN_MS = 30_000;

/** `stalled`: say so. `attach`: ask anew. `redial`: not even that is answered. `again`: it waits for long, ask once more. */
export type Due = 'probe' | 'stalled' | 'attach' | 'redial' | 'again';

export interface Liveness {
  /** An attach went out. */
  asked(now: number): void;
  /** It was answered with "wait". */
  waiting(now: number): void;
  /** Nothing is asked, nothing is attached. */
  rest(): void;
  /** It was answered: bytes flow. Gives the round trip. */
  attached(now: number): number;
  /** Anything of the session came. */
  heard(now: number): void;
  probed(now: number): number | null;
  /** What is due now, once; `matters`: somebody looks at it, or something is owed. */
  due(now: number, matters: boolean): Due | null;
  readonly stalled: boolean;
  deadline(matters: boolean): number;
}

type State =
  | { readonly at: 'rest' }
  | { readonly at: 'asked'; readonly since: number }
  | { readonly at: 'waiting'; readonly since: number }
  | { readonly at: 'attached'; readonly nextProbe: number; readonly heard: number; readonly probe: number | null };

export function createLiveness(): Liveness {
  let state: State = { at: 'rest' };
  let stalled = false;

  const deadline = (matters: boolean): number => {
    const patience = stalled ? GIVEN_UP_AFTER_MS : STALLED_AFTER_MS;
    if (state.at === 'rest') return Number.POSITIVE_INFINITY;
    if (state.at !== 'attached') return state.since + (state.at === 'asked' ? patience : ASK_AGAIN_MS);
    const { probe, heard, nextProbe } = state;
    if (probe !== null) return Math.max(probe, heard) + patience;
    return matters ? nextProbe : Number.POSITIVE_INFINITY;
  };
  const enter = (next: State): void => {
    state = next;
    stalled = false;
  };
  const unanswered = (): Due => {
    const due = !stalled ? 'stalled' : state.at === 'asked' ? 'redial' : 'attach';
    if (stalled) enter({ at: 'rest' });
    else stalled = true;
    return due;
  };
  return {
    asked: (now) => enter({ at: 'asked', since: now }),
    waiting: (now) => enter({ at: 'waiting', since: now }),
    rest: () => enter({ at: 'rest' }),
    attached(now) {
      const roundTrip = state.at === 'asked' ? now - state.since : 0;
      enter({ at: 'attached', nextProbe: now + PROBE_EVERY_MS, heard: now, probe: null });
      return roundTrip;
    },
    heard(now) {
      if (state.at === 'attached') enter({ ...state, heard: now });
    },
    probed(now) {
      if (state.at !== 'attached' || state.probe === null) return null;
      const roundTrip = now - state.probe;
      enter({ at: 'attached', heard: now, nextProbe: Math.max(now, state.probe + PROBE_EVERY_MS), probe: null });
      return roundTrip;
    },
    due(now, matters) {
      if (now < deadline(matters)) return null;
      if (state.at === 'attached' && state.probe === null) {
        state = { ...state, probe: now };
        return 'probe';
      }
      if (state.at !== 'waiting') return unanswered();
      enter({ at: 'rest' });
      return 'again';
    },
    get stalled() {
      return stalled;
    },
    deadline,
  };
}
