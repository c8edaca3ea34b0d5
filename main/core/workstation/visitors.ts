/** Tells the person when somebody opens a shell on this computer. */
import type { AgentSession, AgentStatus } from '../../../protocol/agent/status.ts';

interface VisitorsParts {
  /** Whether the person has this session open in this very desktop. */
  readonly isOwn: (sessionId: string) => boolean;
  readonly notify: (notification: { readonly title: string; readonly body: string }) => void;
}
export interface Visitors {
  /** Null: no agent runs. */
  saw(status: AgentStatus | null): void;
  stop(): void;
}

/** The desktop learns the name of a session it opens about when the agent does. */
const LOOK_AFTER_MS = 1_000;

export function createVisitors({ isOwn, notify }: VisitorsParts): Visitors {
  /** Null until the first status: who was there before the app is no news. */
  let known: ReadonlySet<string> | null = null;
  const timers = new Set<NodeJS.Timeout>();
  const announce = (session: AgentSession): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!isOwn(session.session_id)) notify(noteOf(session));
    }, LOOK_AFTER_MS);
    timers.add(timer);
  };
  return {
    saw(status) {
      if (status === null) return;
      const before = known;
      known = new Set(status.sessions.map((session) => session.session_id));
      if (before === null) return;
      for (const session of status.sessions) {
        if (!before.has(session.session_id)) announce(session);
      }
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

const noteOf = (session: AgentSession) => ({
  title: `${session.username} is on this computer`,
  body: `A terminal was opened${session.machine_role === 'sudo' ? ', with the right to use sudo' : ''}. See This workstation.`,
});
