/** The store: whether it answers, is whole and of this version, and whether time goes forward in it. */
import type { DataFault } from '../data/data-folder.ts';
import type { StorePlace } from '../store/open.ts';
import { examineWhole, type Examined } from '../store/whole.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

export interface StoreExam {
  readonly place: StorePlace;
  readonly now: () => number;
  readonly faultOf: (error: unknown) => DataFault | null;
  readonly sentenceFor: (fault: DataFault) => string;
}

/** Clocks of two servers are never quite the same. */
const ASKEW_MS = 5_000;

export async function examineStore({ place, now, faultOf, sentenceFor }: StoreExam): Promise<readonly Finding[]> {
  try {
    const examined = await examineWhole(place);
    return [
      ok('store', 'The store answers, and is whole.'),
      schema(examined),
      clock(examined, now()),
      ...transport(place),
    ];
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return [failed('store', 'The store cannot be read.', sentenceFor(fault))];
  }
}

function schema({ unknown, missing }: Examined): Finding {
  if (unknown.length > 0) {
    return failed(
      'schema',
      `The store has changes that this version does not know: ${unknown.join(', ')}.`,
      'Run the newer webxterm-backend that made them.',
    );
  }
  return missing.length > 0
    ? warning(
        'schema',
        `The store lacks ${missing.length} changes of this version.`,
        'Make a backup, then start the server: it makes them.',
      )
    : ok('schema', 'The tables are those of this version.');
}

function clock({ newest }: Examined, now: number): Finding {
  const ahead = newest === null ? 0 : Date.parse(newest) - now;
  if (ahead <= ASKEW_MS) return ok('clock', `It is ${new Date(now).toISOString()} here, after all that is stored.`);
  return failed(
    'clock',
    `It is ${new Date(now).toISOString()} here, but something was stored at ${newest}.`,
    'Set the clock of this computer, and let NTP keep it.',
  );
}

function transport(place: StorePlace): readonly Finding[] {
  if (!('databaseUrl' in place)) return [];
  const { hostname, searchParams } = new URL(place.databaseUrl);
  const isHere = ['', 'localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.startsWith('%2F');
  const mode = searchParams.get('sslmode') ?? 'disable';
  if (isHere || mode === 'verify-full')
    return [ok('database connection', 'What goes to the database cannot be read on its way.')];
  return [
    warning(
      'database connection',
      `Passwords’ hashes go to ${hostname} with sslmode=${mode}.`,
      'Add sslmode=verify-full to DATABASE_URL.',
    ),
  ];
}
