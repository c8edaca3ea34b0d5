/** `verify-audit`: whether an exported audit is what was written, found out without the server, line by line. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { sealedEntry } from '../../protocol/api/audit.ts';
import { BEGINNING, breakAt, type Break, type Entry, type Link } from '../store/chain.ts';

interface Parts {
  /** Lines for the person. */
  readonly tell: (line: string) => void;
  readonly complain: (sentence: string) => void;
}

/** Answers the exit code. */
export async function runVerifyAudit({ tell, complain }: Parts, file: string): Promise<number> {
  try {
    const { problem, first, last } = await verify(
      createInterface({ input: createReadStream(file), crlfDelay: Infinity }),
    );
    if (problem !== null || !first || !last) {
      complain(problem ?? 'There are no entries in this file.');
      return 1;
    }
    tell(`Entries ${first.seq} to ${last.seq} are as they were written.`);
    if (first.seq > 1) tell(`What came before entry ${first.seq} is not in this file.`);
    tell(`The hash of the last is ${last.hash}.`);
    return 0;
  } catch (error) {
    const known = fileFault.safeParse(error);
    if (!known.success) throw error;
    complain(`The file ${file} cannot be read (${known.data.code}).`);
    return 1;
  }
}

const fileFault = z.object({ code: z.enum(['ENOENT', 'EACCES', 'EISDIR', 'EPERM', 'EIO']) });

interface Verified {
  readonly problem: string | null;
  readonly first: Link | null;
  readonly last: Link | null;
}

async function verify(lines: AsyncIterable<string>): Promise<Verified> {
  let [first, last]: [Link | null, Link | null] = [null, null];
  let isOpen = false;
  let number = 0;
  for await (const line of lines) {
    number++;
    const text = line.trim().replace(/,$/, '');
    if (text === '[' || text === ']') isOpen = text === '[';
    if (['', '[', ']', '[]'].includes(text)) continue;
    const entry = entryOf(text);
    if (!entry) return { problem: `Line ${number} is no entry of an audit exported as JSON.`, first, last };
    const before = last ?? outside(entry);
    const broken = breakAt(before, entry);
    if (broken) return { problem: sentenceFor(broken, before), first, last };
    first ??= entry;
    last = entry;
  }
  return { problem: isOpen ? `The file is cut off after line ${number}.` : null, first, last };
}

/** The first of a file stands behind what the file does not have. */
function outside({ seq, prev_hash: hash }: Entry): Link {
  return seq === 1 ? BEGINNING : { seq: seq - 1, hash };
}

/** As it was in the store, where its hash was made. */
function entryOf(line: string): Entry | null {
  const parsed = sealedLine.safeParse(line);
  if (!parsed.success) return null;
  const { timestamp, tenant_id: _, detail, ...columns } = parsed.data;
  return { ...columns, created_at: timestamp, detail: JSON.stringify(detail) };
}

const sealedLine = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is no JSON');
      return z.NEVER;
    }
  })
  .pipe(sealedEntry);

function sentenceFor({ seq, reason }: Break, before: Link): string {
  if (reason === 'changed') return `Entry ${seq} was changed after it was written.`;
  return `Entry ${seq} does not follow on entry ${before.seq}: entries are missing, or in another order. An export with filters has gaps; verify one without.`;
}
