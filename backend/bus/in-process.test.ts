import { describe, expect, it, vi } from 'vitest';
import { createInProcessBus } from './in-process.ts';

const never = new AbortController().signal;
const revoked = (signInId: string) => ({ signInId });

describe('the bus in one process', () => {
  it('hands messages on in order, after the publisher has gone on', async () => {
    const bus = createInProcessBus(vi.fn());
    const heard: string[] = [];
    bus.subscribe('sign-in.revoked', ({ signInId }) => heard.push(signInId), never);
    bus.publish('sign-in.revoked', revoked('a'));
    bus.publish('sign-in.revoked', revoked('b'));
    expect(heard).toEqual([]);
    await vi.waitFor(() => expect(heard).toEqual(['a', 'b']));
  });

  it('tells a subscriber nothing of other topics, nor anything once its signal is aborted', async () => {
    const bus = createInProcessBus(vi.fn());
    const ends = new AbortController();
    const early = vi.fn();
    const late = vi.fn();
    bus.subscribe('sign-in.revoked', early, ends.signal);
    bus.subscribe('sign-in.revoked', late, never);
    bus.publish('organization.disabled', { organizationId: '0'.repeat(24) });
    ends.abort();
    bus.subscribe('sign-in.revoked', early, ends.signal);
    bus.publish('sign-in.revoked', revoked('a'));
    await vi.waitFor(() => expect(late).toHaveBeenCalledExactlyOnceWith(revoked('a')));
    expect(early).not.toHaveBeenCalled();
  });

  it('lets no subscriber that throws keep the message from the others', async () => {
    const failed = vi.fn();
    const bus = createInProcessBus(failed);
    const other = vi.fn();
    const bug = new Error('a bug');
    bus.subscribe(
      'sign-in.revoked',
      () => {
        throw bug;
      },
      never,
    );
    bus.subscribe('sign-in.revoked', other, never);
    bus.publish('sign-in.revoked', revoked('a'));
    await vi.waitFor(() => expect(other).toHaveBeenCalledOnce());
    expect(failed).toHaveBeenCalledExactlyOnceWith(bug, 'sign-in.revoked');
  });
});
