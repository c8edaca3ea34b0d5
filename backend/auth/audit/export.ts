/** Entries of the audit as a file, written as it is read: what is in memory is one batch, however many there are. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { SealedEntry } from '../../../protocol/api/audit.ts';

export type Format = 'csv' | 'json';
type Batches = AsyncIterable<readonly SealedEntry[]>;

export function fileOf(batches: Batches, format: Format): Readable {
  return format === 'csv' ? asCsv(batches) : Readable.from(jsonLines(batches));
}

/** One array, one entry on a line: whole for whoever parses it, line by line for whoever has no room for that. */
async function* jsonLines(batches: Batches): AsyncGenerator<string> {
  let before = '[\n';
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield before + batch.map((entry) => JSON.stringify(entry)).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

const columns = [
  'seq',
  'timestamp',
  'tenant_id',
  'user_id',
  'username',
  'action',
  'resource',
  'status',
  'ip_address',
  'user_agent',
  'source',
  'detail',
  'id',
  'organization_id',
  'prev_hash',
  'hash',
] as const satisfies (keyof SealedEntry)[];

function asCsv(batches: Batches): Readable {
  const stringifier = stringify({
    columns,
    header: true,
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    // A spreadsheet runs what begins like a formula, and whoever fails to sign in writes what stands here.
    escape_formulas: true,
    cast: { object: (value) => JSON.stringify(value) },
  });
  // What breaks either ends both; whoever reads the file sees it end too early.
  return pipeline(Readable.from(records(batches)), stringifier, () => {});
}

async function* records(batches: Batches): AsyncGenerator<SealedEntry> {
  for await (const batch of batches) yield* batch;
}
