/** `settings.json` of the profile: read once, written shortly after each change. A broken file is kept aside, an unwritable one costs only what is new. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Conf from 'conf';
import type { Notice } from '../../../protocol/bridge/events.ts';
import type { Log } from '../log/log.ts';
import type { Notices } from '../notices.ts';
import { readStored, writtenOver, type Stored } from './stored.ts';

export interface ProfileFile extends AsyncDisposable {
  readonly stored: Stored;
  /** Takes effect at once; is on the disk a moment later. */
  change(change: Partial<Stored>): void;
}
interface ProfileFileParts {
  readonly profile: string;
  readonly notices: Notices;
  readonly log: Log;
  readonly now: () => number;
}

const NAME = 'settings';
/** Changes come in bursts: a drag of a splitter, a dozen terminals at once. */
const WRITE_AFTER_MS = 200;

export function openProfileFile(parts: ProfileFileParts): ProfileFile {
  const path = join(parts.profile, `${NAME}.json`);
  const { content, stored: read } = readFile(parts, path);
  let stored = read;
  let conf: Conf | null = null;
  let writing: Promise<void> | null = null;
  const stop = new AbortController();

  const write = (): void => {
    try {
      conf ??= new Conf({ cwd: parts.profile, configName: NAME, configFileMode: 0o600 });
      conf.store = writtenOver(content, stored);
      parts.notices.withdraw('settings-not-saved');
    } catch (error) {
      parts.log.warn({ err: error }, 'settings not written');
      parts.notices.tell(notSaved(path));
    }
  };
  const writeSoon = async (): Promise<void> => {
    await delay(WRITE_AFTER_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    writing = null;
    write();
  };
  return {
    get stored() {
      return stored;
    },
    change(change) {
      stored = { ...stored, ...change };
      writing ??= writeSoon();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await writing;
    },
  };
}

function readFile(parts: ProfileFileParts, path: string): { readonly content: unknown; readonly stored: Stored } {
  const { content, error } = readJson(path);
  const { stored, faults } = readStored(content);
  if (error === null && faults.length === 0) return { content, stored };
  parts.log.warn({ err: error, faults }, 'settings not read whole');
  const aside = keepAside(path, parts.now());
  // nothing can be written over what is no JSON at all
  if (error !== null && aside !== null) rmSync(path);
  parts.notices.tell(notRead(faults, path, aside));
  return { content, stored };
}

function readJson(path: string): { readonly content: unknown; readonly error: unknown } {
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return { content, error: null };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { content: undefined, error: missing ? null : error };
  }
}

/** A copy, so that whoever wants to mend the broken file finds it; null when not even that can be done. */
function keepAside(path: string, now: number): string | null {
  const aside = `${path}.broken-${new Date(now).toISOString().replaceAll(':', '-')}`;
  try {
    copyFileSync(path, aside);
    return aside;
  } catch {
    return null;
  }
}

function notRead(faults: readonly string[], path: string, aside: string | null): Omit<Notice, 'id'> {
  const which = faults.length === 0 ? '' : `Not read: ${faults.join(', ')}. `;
  return {
    level: 'warning',
    code: 'settings-corrupt',
    message: 'Some settings could not be read, so their defaults are used.',
    detail: which + (aside === null ? `The file is ${path}.` : `What was there is kept in ${aside}.`),
  };
}

function notSaved(path: string): Omit<Notice, 'id'> {
  return {
    level: 'warning',
    code: 'settings-not-saved',
    message: 'Settings cannot be written, so what you change now is forgotten when the app is closed.',
    detail: `Check that ${path} can be written and that the disk is not full.`,
  };
}
