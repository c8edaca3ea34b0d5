import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { sealedShape } from '../auth/audit/entry-shape.ts';
import { fileOf } from '../auth/audit/export.ts';
import { serviceActor } from '../store/audit.ts';
import { runVerifyAudit } from './run-verify-audit.ts';

let made: TemporaryStore;
let folder: string;
/** The export of a chain with all that an entry may hold, line by line. */
let lines: readonly string[];
beforeAll(async () => {
  made = await temporaryStore();
  folder = mkdtempSync(join(tmpdir(), 'webxterm-export-'));
  const { id } = await made.addOrganization('acme');
  const organization = made.store.organization(id);
  const details = [
    {},
    { 2: 'b', 1: 'a' },
    { text: 'ünï "quoted" \u2028 💾', n: -0.5, no: null, yes: true, list: ['x', ''] },
  ];
  const [audit = { action: '' }, ...alsoAudit] = details.map((detail, i) => ({ action: `step_${i}`, detail }));
  await organization.write(serviceActor, () => Promise.resolve({ value: null, audit, alsoAudit }));
  const rows = await organization.read.selectFrom('audit_entries').selectAll().orderBy('seq').execute();
  lines = (await text(fileOf(oneBatch(rows.map((row) => sealedShape(row, 'acme'))), 'json'))).trimEnd().split('\n');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await made[Symbol.asyncDispose]();
});
async function* oneBatch<T>(batch: readonly T[]) {
  yield await Promise.resolve(batch);
}

async function verify(given: readonly string[]) {
  const file = join(folder, 'export.json');
  writeFileSync(file, given.join('\n'));
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const code = await runVerifyAudit({ tell: say, complain: say }, file);
  return { code, said: said.join(' ') };
}
const without = (line: number) => lines.filter((_, i) => i !== line);

describe('verifying an export without the server', () => {
  it('finds it whole as it came, also as plain lines, and says what its last entry is', async () => {
    expect(lines).toHaveLength(6);
    const { code, said } = await verify(lines);
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(said).toMatch(/^Entries 1 to 4 are as they were written\. The hash of the last is [\da-f]{64}\.$/);
    expect((await verify(lines.slice(1, -1).map((line) => line.replace(/,$/, '')))).code).toBe(0);
  });

  it('says where the file begins, when it begins later', async () => {
    const { code, said } = await verify(without(1));
    expect(code).toBe(0);
    expect(said).toContain('What came before entry 2 is not in this file.');
  });

  it.each([
    ['a changed field', () => lines.map((line) => line.replace('step_1', 'step_9')), 'Entry 3 was changed'],
    ['a changed detail', () => lines.map((line) => line.replace('"yes":true', '"yes":false')), 'Entry 4 was changed'],
    ['a removed entry', () => without(2), 'Entry 3 does not follow on entry 1'],
    ['another order', () => [lines[0] ?? '', ...lines.slice(1, 5).toReversed()], 'does not follow on'],
    ['a file that is cut off', () => lines.slice(0, 4), 'The file is cut off after line 4'],
    ['a line that is cut off', () => [...lines.slice(0, 3), lines[3]?.slice(0, 40) ?? ''], 'Line 4 is no entry'],
    ['something else', () => ['certainly not an audit'], 'Line 1 is no entry'],
    ['nothing', () => [], 'no entries'],
  ])('finds %s', async (_what, given, sentence) => {
    const { code, said } = await verify(given());
    expect(code).toBe(1);
    expect(said).toContain(sentence);
  });

  it('says that there is no such file', async () => {
    const said: string[] = [];
    const code = await runVerifyAudit({ tell: () => {}, complain: (line) => said.push(line) }, join(folder, 'none'));
    expect(code).toBe(1);
    expect(said.join()).toContain('ENOENT');
  });
});
