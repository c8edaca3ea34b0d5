/** The files of the window, and nothing else: what a path of its page names in dist/renderer. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface RendererFile {
  readonly content: Buffer;
  readonly type: string;
  /** The page itself, which gets a nonce, or a part that never changes under its name. */
  readonly kind: 'page' | 'part';
}

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
]);

/** No part of a path begins with a dot and nothing is decoded, so none leads out of the folder. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/u;

/**
 * @param folder dist/renderer
 * @param pathname of the asked URL, as it was sent
 * @returns null when there is no such file
 */
export async function readRendererFile(folder: string, pathname: string): Promise<RendererFile | null> {
  const name = pathname === '/' ? '/index.html' : pathname;
  const type = types.get(path.posix.extname(name));
  if (type === undefined || !plainPath.test(name)) return null;
  const content = await readFile(path.join(folder, name)).catch(absent);
  return content && { content, type, kind: name === '/index.html' ? 'page' : 'part' };
}

/** Nothing of that name, a folder, or a path that goes on behind a file. */
const absentCodes = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

function absent(error: NodeJS.ErrnoException): null {
  if (absentCodes.has(error.code ?? '')) return null;
  throw error;
}
