/** Commands as a test sends them to a machine, and looks at what became of them. */
import { expect, vi } from 'vitest';
import { commands, type SentCommand } from '../../protocol/api/commands.ts';
import type { Answered, Backend } from './backend.ts';
import type { Person } from './people.ts';

export const send = (backend: Backend, who: Person, agentId: string, body: object): Promise<Answered> =>
  backend.request('POST', `/api/machines/${agentId}/command`, { token: who.token, body });
export const look = (backend: Backend, who: Person, agentId: string, commandId: string): Promise<Answered> =>
  backend.request('GET', `/api/machines/${agentId}/commands/${commandId}`, { token: who.token });

export async function sent(backend: Backend, who: Person, agentId: string, body: object): Promise<string> {
  const answer = await send(backend, who, agentId, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return commands.run.answer[200].parse(answer.body).command_id ?? '';
}
export const seen = async (backend: Backend, who: Person, agentId: string, commandId: string): Promise<SentCommand> =>
  commands.get.answer[200].parse((await look(backend, who, agentId, commandId)).body).command;

/** As it is once it is over. */
export async function over(backend: Backend, who: Person, agentId: string, commandId: string): Promise<SentCommand> {
  return vi.waitFor(
    async () => {
      const command = await seen(backend, who, agentId, commandId);
      if (command.state === 'sent') throw new Error('it still runs');
      return command;
    },
    { timeout: 20_000, interval: 30 },
  );
}
