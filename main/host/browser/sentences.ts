/** What the browser host says to the person who started it. */
import type { Shown } from './browser-window.ts';

const byHand = (launcher: string) =>
  `To open it by hand, open this file in a browser on this computer, within a minute; it works once:\n  ${launcher}`;

/** @param shown null: no browser was to be opened */
export function saidOf(shown: Shown | null, launcher: string): string {
  if (shown === null) return byHand(launcher);
  if (!shown.ok) return `${sentenceOf(shown.code)} ${byHand(launcher)}`;
  if (shown.by === 'default-browser')
    return `No Chrome, Chromium, Edge or Brave was found, so the window is a tab of your browser. ${byHand(launcher)}`;
  return shown.sandboxed
    ? 'A window is opened.'
    : 'A window is opened, without the browser’s own sandbox, which it does not have for root.';
}

function sentenceOf(code: Extract<Shown, { ok: false }>['code']): string {
  switch (code) {
    case 'no-display':
      return 'There is no display here to show a window on.';
    case 'no-browser':
      return 'No browser was found. Install Chrome, Chromium, Edge or Brave, or name one in CHROMIUM_PATH.';
  }
}

/** @param own host and port */
export function howToGoOn(own: string, port: number): string {
  return [
    `WebXTerm runs at http://${own}. Run webxterm-desktop again for another window; Ctrl-C ends it.`,
    `From another computer: ssh -L ${port}:${own} to here, copy a launcher file there, and open it.`,
  ].join('\n');
}

export const noWindowLeft =
  'The last window is closed; the desktop goes on. Run webxterm-desktop again for another window; Ctrl-C ends it.';

export function portSentence(code: 'port-taken' | 'port-forbidden', port: number): string {
  switch (code) {
    case 'port-taken':
      return `Port ${port} is taken by another program. Choose another with --port, or leave it out for a free one.`;
    case 'port-forbidden':
      return `Port ${port} is not for you to use. Choose one above 1023 with --port, or leave it out for a free one.`;
  }
}

export function electronSentence(code: 'electron-missing' | 'electron-as-root' | 'electron-failed'): string {
  switch (code) {
    case 'electron-missing':
      return 'Electron is not installed here. Run `npx install-electron` in this project’s folder, or use --host browser.';
    case 'electron-as-root':
      return 'Electron keeps its sandbox only for an ordinary user. Start this as one, or use --host browser.';
    case 'electron-failed':
      return 'Electron ended with a failure; what it said stands above. --host browser does without it.';
  }
}
