/** What is said of a session. Pure. */
import type { Session } from '../../protocol/api/terminals.ts';

const sources: Readonly<Record<Session['source'], string>> = {
  ui: 'Browser',
  cli: 'Command line',
  vscode: 'VS Code',
  desktop: 'Desktop app',
};

/** `Desktop app on Linux`, `Firefox on macOS`: from where somebody came. */
export function fromWhere(session: Session): string {
  const program = session.browser ?? sources[session.source];
  return session.os ? `${program} on ${session.os}` : program;
}

/** A session without anybody at it goes on by itself; a server that does not say is not guessed about. */
export function presence(session: Session): { readonly word: string; readonly tone: 'good' | 'off' } {
  if (session.attached === false) return { word: 'Detached', tone: 'off' };
  return { word: session.attached ? 'Attached' : 'Live', tone: 'good' };
}
