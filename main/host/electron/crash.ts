/** A page whose process died is loaded again: its terminals live elsewhere. One that dies at once, again and again, is left alone. */

/** What is used of Electron's WebContents. */
interface Crashing {
  on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
  reload(): void;
}

export interface CrashParts {
  readonly now: () => number;
  /** It was loaded again and again: the person is told. */
  readonly giveUp: (reason: string) => void;
}

const mostReloads = 3;
const withinMs = 60_000;
/** It was closed, not lost. */
const ordinary = new Set(['clean-exit']);

export function reloadAfterCrash(contents: Crashing, { now, giveUp }: CrashParts): void {
  let reloads: number[] = [];
  contents.on('render-process-gone', (_event, { reason }) => {
    if (ordinary.has(reason)) return;
    reloads = reloads.filter((time) => now() - time < withinMs);
    if (reloads.length >= mostReloads) return giveUp(reason);
    reloads.push(now());
    contents.reload();
  });
}
