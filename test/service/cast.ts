/** A recording as a player reads it. */
import { z } from 'zod';
import type { Answered, Backend } from './backend.ts';
import type { Person } from './people.ts';

const header = z.object({ version: z.literal(2), width: z.int(), height: z.int(), timestamp: z.int() });
const event = z.tuple([z.number(), z.string(), z.string()]);

export interface Cast {
  readonly header: z.infer<typeof header>;
  readonly output: string;
  readonly sizes: readonly string[];
  /** What it says of itself: the gaps. */
  readonly markers: readonly string[];
}

export function parseCast(text: string): Cast {
  const [first = '', ...lines] = text.trimEnd().split('\n');
  const events = lines.map((line) => event.parse(JSON.parse(line)));
  const times = events.map(([at]) => at);
  if (times.some((at, i) => at < (times[i - 1] ?? 0))) throw new Error('time goes back in the recording');
  const of = (code: string): string[] => events.filter((each) => each[1] === code).map((each) => each[2]);
  return { header: header.parse(JSON.parse(first)), output: of('o').join(''), sizes: of('r'), markers: of('m') };
}

export async function askForRecording(
  backend: Pick<Backend, 'request'>,
  who: Pick<Person, 'token'>,
  sessionId: string,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Answered> {
  return backend.request(method, `/api/sessions/${sessionId}/recording`, { token: who.token });
}

export async function readRecording(
  backend: Pick<Backend, 'request'>,
  who: Pick<Person, 'token'>,
  sessionId: string,
): Promise<Cast> {
  const { status, body } = await askForRecording(backend, who, sessionId);
  if (status !== 200) throw new Error(`no recording: ${status}`);
  return parseCast(z.string().parse(body));
}
