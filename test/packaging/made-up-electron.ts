/** A folder that looks to electron-builder like Electron for Linux: what is packed around it can be tested where no binary can be had. */
import { appendFile, chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** By this Electron's binary is known; its fuses follow: version, count, a digit each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As they are before anything is burnt: RunAsNode, NodeOptions and the inspector are on. */
const fuses = '101001011';

export async function makeUpElectron(folder: string, version: string): Promise<void> {
  await mkdir(path.join(folder, 'resources'), { recursive: true });
  await mkdir(path.join(folder, 'locales'));
  const binary = path.join(folder, 'electron');
  await copyFile('/bin/true', binary);
  await chmod(binary, 0o755);
  await appendFile(binary, Buffer.from(`${sentinel}\u0001${String.fromCharCode(fuses.length)}${fuses}`, 'latin1'));
  await writeFile(path.join(folder, 'version'), version);
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak'])
    await writeFile(path.join(folder, file), file);
  await writeFile(path.join(folder, 'resources/default_app.asar'), emptyArchive());
}

/** Lengths within lengths, then the list of files: https://github.com/electron/asar#format */
function emptyArchive(): Buffer {
  const list = JSON.stringify({ files: {} });
  const padded = Math.ceil(list.length / 4) * 4;
  const archive = Buffer.alloc(16 + padded);
  archive.writeUInt32LE(4, 0);
  archive.writeUInt32LE(8 + padded, 4);
  archive.writeUInt32LE(4 + padded, 8);
  archive.writeUInt32LE(list.length, 12);
  archive.write(list, 16);
  return archive;
}
