/** A recording: what is kept, what is missing and why, and whom it holds. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { Page } from './page.ts';
import { createRecording, LET_GO_MS, RECORDER_WINDOW, type Recording } from './recording.ts';

const KIB = 1024;
const size = { cols: 80, rows: 24 };

const kinds = (page: Page | null): string[] => page?.items.map(({ is }) => is) ?? [];

describe('a recording', () => {
  let now: Moment;
  let recording: Recording;
  let granted: (Grant | null)[];
  let told: [reason: string, fromS: number][];

  const begin = (found: Parameters<typeof createRecording>[0]['found'] = null): void => {
    recording = createRecording(
      { startedAt: 0, now, found, size },
      {
        granted: (grant) => void granted.push(grant),
        letGo: (reason, fromS) => void told.push([reason, fromS]),
      },
    );
  };
  const pass = (ms: number): void => {
    now = { monotonic: now.monotonic + ms, wall: now.wall + ms };
    recording.tick(now);
  };
  const output = (offset: number, length: number): void =>
    recording.tell({ is: 'output', offset, bytes: new Uint8Array(length) }, now);
  const write = (): Page | null => {
    const page = recording.next();
    if (page) recording.wrote(now);
    return page;
  };

  beforeEach(() => {
    now = { monotonic: 0, wall: 0 };
    granted = [];
    told = [];
    begin();
  });

  it('begins with a page of its own, though the shell says nothing', () => {
    expect(recording.next()).toMatchObject({ items: [{ is: 'start', cols: 80, rows: 24 }], end: 0, isLast: false });
  });

  it('keeps each byte once, and sizes where they changed', () => {
    output(0, 10);
    output(5, 10);
    output(0, 3);
    recording.tell({ is: 'resized', ...size }, now);
    recording.tell({ is: 'resized', cols: 90, rows: 24 }, now);
    const page = write();
    expect(kinds(page)).toEqual(['start', 'output', 'output', 'resized']);
    expect(page).toMatchObject({ end: 15, gaps: [] });
    expect(recording.stored).toBe(15);
  });

  it('has one page under way, and gathers the next meanwhile', () => {
    output(0, 10);
    recording.next();
    output(10, 10);
    expect(recording.next()).toBeNull();
    recording.wrote(now);
    expect(recording.next()).toMatchObject({ end: 20 });
  });

  it('states what was overwritten before it came', () => {
    output(0, 10);
    pass(1500);
    output(4000, 10);
    const gap = { from: 10, to: 4000, from_s: 0, to_s: 1.5, reason: 'overwritten' };
    expect(write()).toMatchObject({ end: 4010, gaps: [gap], items: [{}, {}, { is: 'gap', gap }, {}] });
  });

  it('goes on where it was found, and has the present size then', () => {
    begin({ end: 100, at: 5000, gaps: [] });
    expect(recording.position).toBe(100);
    output(90, 20);
    recording.tell({ is: 'resized', ...size }, now);
    const page = write();
    expect(kinds(page)).toEqual(['output', 'resized']);
    expect(page).toMatchObject({ end: 110, at: 5000 }); // its time does not go back
  });

  describe('grants', () => {
    it('a part of the window at a time', () => {
      output(0, 10 * KIB);
      write();
      expect(granted).toEqual([]);
      output(10 * KIB, RECORDER_WINDOW / 4);
      write();
      expect(granted).toEqual([{ consumed: 10 * KIB + RECORDER_WINDOW / 4, window: RECORDER_WINDOW }]);
    });

    it('at once when nothing is left', () => {
      output(0, 32 * KIB);
      recording.next();
      output(32 * KIB, RECORDER_WINDOW - 32 * KIB);
      recording.wrote(now);
      expect(granted).toEqual([{ consumed: 32 * KIB, window: RECORDER_WINDOW }]);
    });
  });

  describe('of a disk that stores nothing', () => {
    beforeEach(() => {
      output(0, 10);
      write();
      pass(1000);
      output(10, 10);
      recording.next();
      output(20, 10);
      recording.failed('disk-full', now);
    });

    it('holds the shell for 10 s, then nobody, and says so', () => {
      pass(LET_GO_MS - 1);
      expect(granted).toEqual([]);
      pass(1);
      expect(granted).toEqual([null]);
      expect(told).toEqual([['disk-full', 1]]);
      output(30, 5000);
      expect(recording.waitingBytes).toBe(0);
    });

    it('states the gap when there is room, and holds again', () => {
      pass(LET_GO_MS);
      output(30, 70);
      pass(2000);
      recording.wrote(now);
      expect(granted).toEqual([null, { consumed: 20, window: RECORDER_WINDOW }]);
      output(100, 5);
      const page = write();
      expect(page).toMatchObject({ end: 105, gaps: [{ from: 20, to: 100, from_s: 1, to_s: 13, reason: 'disk-full' }] });
      expect(kinds(page)).toEqual(['gap', 'resized', 'output']);
    });

    it('is given up when its session ends meanwhile, and its verdict says from where on', () => {
      pass(LET_GO_MS);
      recording.tell({ is: 'ended', offset: 500 }, now);
      expect(recording.isOver).toBe(false);
      recording.failed('disk-full', now);
      expect(recording.isOver).toBe(true);
      expect(recording.gaps).toMatchObject([{ from: 10, to: 500, reason: 'disk-full' }]);
    });

    it('lets go at once when more comes than it may hold', () => {
      output(30, 2 * RECORDER_WINDOW);
      expect(granted).toEqual([null]);
    });
  });

  describe('of a session that is over', () => {
    it('is whole when all came', () => {
      output(0, 10);
      recording.tell({ is: 'ended', offset: 10 }, now);
      output(10, 10);
      expect(write()).toMatchObject({ end: 10, gaps: [], isLast: true });
      expect(recording.isOver).toBe(true);
    });

    it('lacks what did not come', () => {
      output(0, 10);
      recording.tell({ is: 'ended', offset: 30 }, now);
      expect(write()).toMatchObject({ end: 30, gaps: [{ from: 10, to: 30, reason: 'not-received' }] });
    });

    it('says where nobody knows how much there was', () => {
      output(0, 10);
      recording.tell({ is: 'ended', offset: null }, now);
      expect(write()).toMatchObject({ end: 10, gaps: [{ from: 10, to: null }], isLast: true });
    });
  });
});
