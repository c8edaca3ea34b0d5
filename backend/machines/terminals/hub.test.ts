import { beforeEach, describe, expect, it } from 'vitest';
import type { EndReason, ToAgent, ToClient } from '../../../protocol/wire/control.ts';
import { encode } from '../../../protocol/wire/frame.ts';
import type { Attach, Reported } from './broker.ts';
import { createHub, type AgentSink, type ClientSink, type Hub } from './hub.ts';

const kept = (sessionId: string, outputOffset = 0): Reported => ({
  session: { session_id: sessionId, output_offset: outputOffset, client: null, exited: false },
  verdict: 'keep',
  recorded: null,
});
const attach: Attach = {
  type: 'attach',
  n: 1,
  session_id: 's',
  client: 'c',
  mode: 'control',
  want: 0,
  consumed: 0,
  window: 1000,
  cols: 80,
  rows: 24,
};
const output = (channel: number, offset: number, text: string): Uint8Array =>
  encode({ kind: 'output', channel, offset, payload: new TextEncoder().encode(text) });

describe('the hub of an agent', () => {
  let hub: Hub;
  let written: unknown[][];
  let relayed: { output: number; input: number };
  let toAgent: ToAgent[];
  let toClient: ToClient[];
  const agent: AgentSink = {
    tell: (message) => void toAgent.push(message),
    frame: () => undefined,
    refuse: (code) => void written.push(['refuse', code]),
  };
  const client: ClientSink = {
    tell: (message) => void toClient.push(message),
    frame: () => undefined,
    close: (code) => void written.push(['close-client', code]),
  };

  beforeEach(() => {
    written = [];
    toAgent = [];
    toClient = [];
    relayed = { output: 0, input: 0 };
    hub = createHub({
      ledger: {
        opened: (id) => void written.push(['opened', id]),
        refused: (id, code) => void written.push(['refused', id, code]),
        ended: (id, { reason }, last) => void written.push(['ended', id, reason, last?.bytesOut]),
        changed: (id) => void written.push(['changed', id]),
      },
      recorder: { tell: () => undefined },
      records: false,
      meter: { relayed: (direction, bytes) => (relayed[direction] += bytes) },
      monotonic: () => 0,
    });
  });
  /** The channel the agent was last asked to attach. */
  const channel = (): number =>
    toAgent.flatMap((message) => (message.type === 'attach' ? [message.channel] : [])).at(-1) ?? 0;
  const confirm = (head: number): void =>
    hub.fromAgent({
      type: 'attached',
      channel: channel(),
      output_offset: 0,
      oldest: 0,
      head,
      input_offset: 0,
      answered_offset: 0,
      modes: '',
      cols: 100,
      rows: 30,
    });

  it('knows of a session how big it is, whether somebody has it, and how far its output came', () => {
    hub.agentReady(agent, [kept('s', 5)]);
    expect(hub.live.get('s')?.bytesOut).toBe(5);
    hub.attach(hub.connect(client), attach, true);
    confirm(7);
    hub.frameFromAgent(output(channel(), 0, '0123456789'));
    expect(hub.live.get('s')).toEqual({ attached: true, size: { cols: 100, rows: 30 }, bytesOut: 10 });
    expect(relayed).toEqual({ output: 10, input: 0 });
    hub.fromAgent({ type: 'ended', session_id: 's', reason: 'expired' });
    expect(hub.live.size).toBe(0);
    expect(written.at(-1)).toEqual(['ended', 's', 'expired', 10]);
  });

  it('lets a client answer what it is told, after everything else it was told with it', () => {
    const order: string[] = [];
    const answering: ClientSink = {
      ...client,
      tell: (message) => {
        order.push(message.type);
        if (message.type === 'detached') hub.attach(connection, { ...attach, n: 2 }, true);
      },
    };
    const connection = hub.connect(answering);
    hub.agentReady(agent, [kept('s')]);
    hub.attach(connection, attach, true);
    confirm(0);
    hub.agentLost();
    expect(order).toEqual(['attached', 'detached', 'waiting']);
  });

  it('believes an end that came while a hello was compared with the store', () => {
    const settled = hub.agentComing();
    hub.end('s', 'terminated');
    hub.agentReady(agent, [kept('s'), kept('t')]);
    settled();
    expect(toAgent).toContainEqual({ type: 'close', session_id: 's', reason: 'terminated' });
    expect([...hub.live.keys()]).toEqual(['t']);
  });

  it('does not take such an end for one of the next hello', () => {
    hub.agentComing()();
    hub.end('s', 'terminated');
    hub.agentReady(agent, [kept('s')]);
    expect(toAgent.filter((message) => message.type === 'close')).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['an agent', () => hub.agentReady(agent, [])],
    ['an agent that comes', () => void hub.agentComing()],
    ['a client', () => void hub.connect(client)],
    ['a session about to be opened', () => hub.willOpen('s')],
  ])('is not idle with %s', (_case, happens) => {
    expect(hub.isIdle).toBe(true);
    happens();
    expect(hub.isIdle).toBe(false);
  });

  it('is idle again when all that was is over', () => {
    const connection = hub.connect(client);
    hub.willOpen('s');
    hub.wontOpen('s');
    hub.agentReady(agent, [kept('t')]);
    hub.end('t', 'closed');
    hub.agentLost();
    expect(hub.isIdle).toBe(false);
    hub.disconnected(connection);
    hub.disconnected(connection);
    expect(hub.isIdle).toBe(true);
  });

  it.each<EndReason>(['terminated', 'revoked'])(
    'tells the agent of a session that is %s, and keeps what it gave',
    (reason) => {
      hub.agentReady(agent, [kept('s', 12)]);
      hub.end('s', reason);
      expect(toAgent.at(-1)).toEqual({ type: 'close', session_id: 's', reason });
      expect(written.at(-1)).toEqual(['ended', 's', reason, 12]);
      expect(hub.live.has('s')).toBe(false);
    },
  );
});
