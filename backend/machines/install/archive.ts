/** The agent as one archive: its program and the terminal library for the platforms at hand, so that a machine needs no registry. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { z } from 'zod';

/** The one package the agent's program does not hold: it has a compiled part, in a package of its own per platform. */
const LIBRARY = '@lydell/node-pty';
/** Archives of the same files have to be the same bytes, for their checksum. */
const MTIME = new Date('2020-01-01T00:00:00Z');

export interface AgentArchive {
  readonly bytes: Buffer;
  /** Hex. */
  readonly sha256: string;
  /** As Node names them: `linux-x64`. */
  readonly platforms: readonly string[];
}
/** The agent this backend hands out. */
export interface AgentProgram {
  /** The bundled program. */
  readonly file: string;
  readonly version: string;
}

/** Throws when the program was not built, or its library is not installed. */
export async function packAgent(program: AgentProgram): Promise<AgentArchive> {
  const library = path.dirname(createRequire(import.meta.url).resolve(LIBRARY));
  const scope = path.dirname(library);
  const prefix = `${path.basename(library)}-`;
  const platforms = (await readdir(scope)).filter((name) => name.startsWith(prefix)).toSorted();
  const folders = [path.basename(library), ...platforms];
  const packages = await Promise.all(folders.map((name) => entriesOf(scope, name)));
  const own = [
    entry('package.json', Buffer.from(await manifest(program, library)), 0o644),
    entry('webxterm-agent.js', await readFile(program.file), 0o755),
  ];
  const bytes = await promisify(gzip)(await packTar([...own, ...packages.flat()]), { level: 9 });
  return {
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    platforms: platforms.map((name) => name.slice(prefix.length)),
  };
}

/** With it npm fetches the library of a platform that the archive does not bring. */
async function manifest({ version }: AgentProgram, library: string): Promise<string> {
  const known = packageJson.parse(JSON.parse(await readFile(path.join(library, 'package.json'), 'utf8')));
  const dependencies = { [LIBRARY]: known.version };
  return JSON.stringify({ name: 'webxterm-agent', version, private: true, type: 'module', dependencies }, null, 2);
}
const packageJson = z.object({ version: z.string() });

async function entriesOf(scope: string, name: string): Promise<TarEntry[]> {
  const folder = path.join(scope, name);
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath, each.name)))
    .toSorted();
  return Promise.all(
    files.map(async (file) => {
      const from = path.join(folder, file);
      const isExecutable = ((await stat(from)).mode & 0o100) !== 0;
      const inside = ['node_modules', path.dirname(LIBRARY), name, ...file.split(path.sep)].join('/');
      return entry(inside, await readFile(from), isExecutable ? 0o755 : 0o644);
    }),
  );
}

function entry(name: string, body: Buffer, mode: number): TarEntry {
  return { header: { name, size: body.length, mode, mtime: MTIME, uid: 0, gid: 0, type: 'file' }, body };
}
