import { describe, expect, it, vi } from 'vitest';
import { createInProcessBus } from './in-process.ts';
import { createLinkedBus, type Link, type LinkedBus } from './linked.ts';

const never = new AbortController().signal;
const organizationId = '0'.repeat(24);
const newBus = (): LinkedBus => createLinkedBus(createInProcessBus(vi.fn()));

/** As a socket would: what one sends the other receives, in order. */
function connected(auth: LinkedBus, machines: LinkedBus) {
  const sent: string[] = [];
  const atAuth = endOf(auth, 'machines', sent);
  const atMachines = endOf(machines, 'auth', sent);
  atAuth.to(atMachines.link);
  atMachines.to(atAuth.link);
  return {
    /** Beside what each says first. */
    sent: () => sent.filter((text) => !text.includes('"missed"')),
    cut: () => {
      atAuth.link.close();
      atMachines.link.close();
    },
  };
}
function endOf(bus: LinkedBus, service: 'auth' | 'machines', sent: string[]) {
  const early: string[] = [];
  let other: Link | null = null;
  const send = (text: string): void => {
    sent.push(text);
    if (other) other.receive(text);
    else early.push(text);
  };
  const link = bus.link({ service, send });
  const to = (end: Link): void => {
    other = end;
    for (const text of early) end.receive(text);
  };
  return { link, to };
}

describe('the bus of two services', () => {
  it('carries what both have to hear either way, in order, and once', async () => {
    const [auth, machines] = [newBus(), newBus()];
    connected(auth, machines);
    const heard: string[] = [];
    auth.subscribe('sign-in.revoked', ({ signInId }) => heard.push(`auth ${signInId}`), never);
    machines.subscribe('sign-in.revoked', ({ signInId }) => heard.push(`machines ${signInId}`), never);
    auth.publish('sign-in.revoked', { signInId: 'a' });
    auth.publish('sign-in.revoked', { signInId: 'b' });
    machines.publish('sign-in.revoked', { signInId: 'c' });
    await vi.waitFor(() => expect(heard).toHaveLength(6));
    expect(heard.filter((one) => one.startsWith('machines'))).toEqual(['machines a', 'machines b', 'machines c']);
    expect(heard.filter((one) => one.startsWith('auth'))).toEqual(['auth a', 'auth b', 'auth c']);
  });

  it('does not send what nobody there hears: ten thousand heartbeats stay where they are shown', () => {
    const [auth, machines] = [newBus(), newBus()];
    const { sent } = connected(auth, machines);
    const machine = { organizationId, agentId: crypto.randomUUID() };
    machines.publish('machine.changed', machine);
    expect(sent()).toEqual([]);
    auth.publish('machine.changed', machine);
    expect(sent()).toHaveLength(1);
  });

  it('brings what one auth service says to the others, and not back', async () => {
    const [first, second, machines] = [newBus(), newBus(), newBus()];
    connected(first, machines);
    connected(second, machines);
    const heard = { first: vi.fn(), second: vi.fn() };
    first.subscribe('organization.disabled', heard.first, never);
    second.subscribe('organization.disabled', heard.second, never);
    first.publish('organization.disabled', { organizationId });
    await vi.waitFor(() => expect(heard.second).toHaveBeenCalledExactlyOnceWith({ organizationId }));
    expect(heard.first).toHaveBeenCalledOnce();
  });

  it('says to both sides that something may have been missed, whenever a link comes to stand', async () => {
    const [auth, machines] = [newBus(), newBus()];
    const missed = { auth: vi.fn(), machines: vi.fn() };
    auth.subscribe('missed', missed.auth, never);
    machines.subscribe('missed', missed.machines, never);
    const { cut, sent } = connected(auth, machines);
    await vi.waitFor(() => expect(missed.machines).toHaveBeenCalledOnce());
    cut();
    auth.publish('sign-in.revoked', { signInId: 'a' });
    expect(sent()).toEqual([]);
    connected(auth, machines);
    await vi.waitFor(() => expect(missed.machines).toHaveBeenCalledTimes(2));
    expect(missed.auth).toHaveBeenCalledTimes(2);
  });

  it.each([
    'no json',
    '[]',
    '{"topic":"toString","message":{}}',
    '{"topic":"unknown","message":{}}',
    '{"topic":"organization.disabled","message":{"organizationId":"not-an-id"}}',
  ])('takes no message that is none: %s', async (text) => {
    const bus = newBus();
    const heard = vi.fn();
    bus.subscribe('organization.disabled', heard, never);
    const link = bus.link({ service: 'auth', send: vi.fn() });
    expect(link.receive(text)).toBe(false);
    expect(link.receive(JSON.stringify({ topic: 'organization.disabled', message: { organizationId } }))).toBe(true);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
  });
});
