/** The person's own browser: what the desktop opens there is written down, for a test to go on with. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './folder.ts';

export interface DefaultBrowser extends AsyncDisposable {
  /** For the desktop's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What was opened last; empty: nothing. */
  readonly opened: () => Promise<string>;
}

export async function makeDefaultBrowser(): Promise<DefaultBrowser> {
  const folder = await makeFolder('default-browser');
  const link = path.join(folder.path, 'opened');
  // as Linux and macOS call what opens a link
  for (const name of ['xdg-open', 'open']) {
    const program = path.join(folder.path, name);
    await writeFile(program, `#!/bin/sh\nprintf %s "$1" > '${link}.part' && mv '${link}.part' '${link}'\n`);
    await chmod(program, 0o755);
  }
  return {
    env: { PATH: `${folder.path}${path.delimiter}${process.env['PATH'] ?? ''}` },
    opened: () => readFile(link, 'utf8').catch(() => ''),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
