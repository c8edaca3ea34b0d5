/** What the app is told on its command line; Chromium's own switches stand there too and are not ours. */
import { parseArgs } from 'node:util';

/** @returns null when no profile is named */
export function profileAmong(args: readonly string[]): string | null {
  const { values } = parseArgs({ args: [...args], options: { profile: { type: 'string' } }, strict: false });
  return typeof values['profile'] === 'string' ? values['profile'] : null;
}
