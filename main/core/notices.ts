/** What the person has to know though nobody asked: one notice per code, until it is dismissed or no longer true. */
import type { Notice } from '../../protocol/bridge/events.ts';
import { variable, type Watched } from './variable.ts';

export interface Notices {
  readonly list: Watched<readonly Notice[]>;
  /** A second notice of the same code takes the place of the first. */
  tell(notice: Omit<Notice, 'id'>): void;
  /** It is no longer true. */
  withdraw(code: string): void;
  dismiss(id: string): void;
}

export function createNotices(): Notices {
  const list = variable<readonly Notice[]>([]);
  let told = 0;
  const keep = (which: (notice: Notice) => boolean): void => {
    const kept = list.value.filter(which);
    if (kept.length !== list.value.length) list.set(kept);
  };
  return {
    list,
    tell(notice) {
      told += 1;
      const others = list.value.filter((each) => each.code !== notice.code);
      list.set([...others, { id: `${notice.code}-${told}`, ...notice }]);
    },
    withdraw: (code) => keep((notice) => notice.code !== code),
    dismiss: (id) => keep((notice) => notice.id !== id),
  };
}
