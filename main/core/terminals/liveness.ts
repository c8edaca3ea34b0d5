/** Whether bytes flow between here and the PTY: asked each 3 s while it matters, so that "attached" is never only a word. */
const PROBE_EVERY_MS = 3000;
const STALLED_AFTER_MS = 4000;
const GIVEN_UP_AFTER_MS = 10_000;

/** `stalled`: say so. `attach`: ask anew. `redial`: not even that is answered. */
export type Due = 'probe' | 'stalled' | 'attach' | 'redial';

export interface Liveness {
  /** An attach went out. */
  asked(now: number): void;
  /** It was answered with "wait", or is over. */
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
  | { readonly at: 'attached'; readonly nextProbe: number; readonly heard: number; readonly probe: number | null };

export function createLiveness(): Liveness {
  let state: State = { at: 'rest' };
  let stalled = false;

  const probeDeadline = ({ probe, heard }: { readonly probe: number; readonly heard: number }): number =>
    Math.max(probe, heard) + (stalled ? GIVEN_UP_AFTER_MS : STALLED_AFTER_MS);
  const deadline = (matters: boolean): number => {
    if (state.at === 'asked') return state.since + GIVEN_UP_AFTER_MS;
    if (state.at === 'rest') return Number.POSITIVE_INFINITY;
    const { probe, heard, nextProbe } = state;
    if (probe !== null) return probeDeadline({ probe, heard });
    return matters ? nextProbe : Number.POSITIVE_INFINITY;
  };
  const enter = (next: State): void => {
    state = next;
    stalled = false;
  };
  const unanswered = (): Due => {
    if (!stalled) {
      stalled = true;
      return 'stalled';
    }
    enter({ at: 'rest' });
    return 'attach';
  };
  return {
    asked: (now) => enter({ at: 'asked', since: now }),
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
      if (state.at === 'attached') return unanswered();
      enter({ at: 'rest' });
      return 'redial';
    },
    get stalled() {
      return stalled;
    },
    deadline,
  };
}
