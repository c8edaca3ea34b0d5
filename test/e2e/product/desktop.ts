/** The desktop as a person runs it: started on a profile, shown in a window, ended, started again. */
import type { Browser, Page } from '@playwright/test';
import { pathToFileURL } from 'node:url';
import { makeFolder } from './folder.ts';
import { startProgram, type Program } from './program.ts';

export interface Desktop extends AsyncDisposable {
  readonly profile: string;
  /** Opens a window and waits for its document. */
  readonly window: () => Promise<Page>;
  /** Ends the desktop. Windows are gone. */
  readonly stop: () => Promise<void>;
  /** Ends the desktop and starts it again on the same profile. Windows are gone. */
  readonly restart: () => Promise<void>;
  readonly output: () => string;
}

/** The browser host, its windows in the test's browser. */
export async function startDesktop(browser: Browser, env: Readonly<Record<string, string>>): Promise<Desktop> {
  const folder = await makeFolder('profile');
  const args = ['--host', 'browser', '--no-open', '--profile', folder.path];
  const start = (): Program => startProgram('webxterm-desktop', { args, env });
  let program = start();
  await program.line(/runs at/u);
  const contexts = new Set<Awaited<ReturnType<Browser['newContext']>>>();
  const stop = async (): Promise<void> => {
    await Promise.all([...contexts].map((context) => context.close()));
    contexts.clear();
    await program[Symbol.asyncDispose]();
  };
  return {
    profile: folder.path,
    output: () => program.output(),
    window: async () => {
      // A second start asks the first for another window, as a person would.
      const launcher = (await startProgram('webxterm-desktop', { args, env }).line(/^\s+(\/\S+\.html)$/mu))[1] ?? '';
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      contexts.add(context);
      const page = await context.newPage();
      await page.goto(pathToFileURL(launcher).href);
      await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/$/u);
      return page;
    },
    stop,
    restart: async () => {
      await stop();
      program = start();
      await program.line(/runs at/u);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
