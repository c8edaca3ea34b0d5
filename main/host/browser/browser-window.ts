/** Shows a launcher file: in a browser window of its own where there is a Chromium, else in the person's browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { findBrowser, hasDisplay, type BrowserSearch } from './browsers.ts';

export type Shown =
  | { readonly ok: true; readonly by: 'app-window' | 'default-browser'; readonly sandboxed: boolean }
  | { readonly ok: false; readonly code: 'no-display' | 'no-browser' };

export interface BrowserParts extends BrowserSearch {
  readonly profile: string;
  readonly isRoot: boolean;
  /** Opens a file as the desktop environment would. */
  readonly openDefault: (file: string) => Promise<void>;
}

export interface BrowserWindows extends AsyncDisposable {
  show(launcher: string): Promise<Shown>;
}

const endsWithinMs = 3000;

export function createBrowserWindows(parts: BrowserParts): BrowserWindows {
  const running = new Set<ChildProcess>();
  return {
    async show(launcher) {
      if (!hasDisplay(parts)) return { ok: false, code: 'no-display' };
      const browser = findBrowser(parts);
      if (browser !== null && (await start(browser, browserArguments(parts, launcher), running)))
        return { ok: true, by: 'app-window', sandboxed: !parts.isRoot };
      return parts.openDefault(launcher).then(
        () => ({ ok: true, by: 'default-browser', sandboxed: true }),
        () => ({ ok: false, code: 'no-browser' }),
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map(end));
    },
  };
}

/** The file's path stands in the arguments, its token does not. */
export function browserArguments({ profile, isRoot }: Pick<BrowserParts, 'profile' | 'isRoot'>, launcher: string) {
  return [
    `--app=${pathToFileURL(launcher).href}`,
    `--user-data-dir=${path.join(profile, 'browser')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Output counts as drawn when the window has parsed it: slowed down while hidden, it would hold the shells back.
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    // Chromium does not start for root with its sandbox on.
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}

/** @returns whether the program was started; a second one hands its window to the first and ends */
function start(program: string, args: readonly string[], running: Set<ChildProcess>): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.once('spawn', () => {
      running.add(child);
      resolve(true);
    });
    child.once('error', () => {
      resolve(false);
    });
    child.once('exit', () => running.delete(child));
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill();
  });
}
