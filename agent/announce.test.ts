/** What a foreground agent says. */
import { describe, expect, it } from 'vitest';
import { createAnnouncer } from './announce.ts';

describe('the announcer', () => {
  it('says one line when it is online, and each trouble once', () => {
    const said: string[] = [];
    const speak = (line: string) => said.push(line);
    const announce = createAnnouncer({ name: 'box', host: 'https://a.b', say: speak, complain: speak });
    const online = { at: 'online', since: '', latency_ms: null } as const;
    const waiting = { at: 'waiting', next_try_at: '', failed_step: 'tcp', code: 'refused', message: 'No.' } as const;
    for (const state of [{ at: 'connecting' } as const, online, { ...online, latency_ms: 3 }, waiting, waiting, online])
      announce(state);
    expect(said).toEqual([
      'Online: this computer is box at https://a.b.',
      'Not connected (tcp: refused). No. It is tried again.',
      'Online: this computer is box at https://a.b.',
    ]);
  });
});
