import { describe, expect, it } from 'vitest';
import { createNotices } from './notices.ts';

const warning = (code: string, message = 'text') => ({ level: 'warning', code, message }) as const;

describe('notices', () => {
  it('are one per code, the newest', () => {
    const notices = createNotices();
    notices.tell(warning('a', 'first'));
    notices.tell(warning('b'));
    notices.tell(warning('a', 'second'));
    expect(notices.list.value.map(({ code, message }) => [code, message])).toEqual([
      ['b', 'text'],
      ['a', 'second'],
    ]);
  });

  it('go when they are dismissed, and come again under a new id when told again', () => {
    const notices = createNotices();
    notices.tell(warning('a'));
    const [first] = notices.list.value;
    notices.dismiss(first?.id ?? '');
    expect(notices.list.value).toEqual([]);
    notices.tell(warning('a'));
    expect(notices.list.value[0]?.id).not.toBe(first?.id);
  });

  it('go when they are no longer true', () => {
    const notices = createNotices();
    notices.tell(warning('a'));
    notices.tell(warning('b'));
    notices.withdraw('a');
    expect(notices.list.value.map(({ code }) => code)).toEqual(['b']);
  });
});
