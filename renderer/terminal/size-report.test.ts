/** When the session is told a size. */
import { describe, expect, it } from 'vitest';
import type { Size } from './screen.ts';
import { createSizeReport } from './size-report.ts';
import { createFakeTime } from './testing/fake-time.ts';

function setUp() {
  const time = createFakeTime();
  const sent: Size[] = [];
  const screen = { cols: 80, rows: 24 };
  const report = createSizeReport({
    size: () => ({ ...screen }),
    send: (size) => void sent.push(size),
    after: time.after,
  });
  return { time, sent, screen, report };
}

describe('the size of a terminal', () => {
  it('is told when it settled, not at each step of a drag', () => {
    const { time, sent, screen, report } = setUp();
    report.known({ cols: 80, rows: 24 });
    for (const cols of [81, 85, 90]) {
      screen.cols = cols;
      report.changed();
      time.advance(16);
    }
    time.advance(40);
    expect(sent).toEqual([{ cols: 90, rows: 24 }]);
  });

  it('is not told when it is what the session has', () => {
    const { time, sent, screen, report } = setUp();
    report.known({ cols: 80, rows: 24 });
    screen.cols = 90;
    report.changed();
    screen.cols = 80;
    time.advance(100);
    expect(sent).toEqual([]);
  });

  it('is told when an attachment gave another', () => {
    const { time, sent, report } = setUp();
    report.known({ cols: 100, rows: 30 });
    time.advance(40);
    expect(sent).toEqual([{ cols: 80, rows: 24 }]);
  });

  it('is told to nobody while there is no attachment', () => {
    const { time, sent, screen, report } = setUp();
    report.known({ cols: 80, rows: 24 });
    report.unknown();
    screen.cols = 90;
    report.changed();
    time.advance(100);
    expect(sent).toEqual([]);
    report.known({ cols: 80, rows: 24 });
    time.advance(40);
    expect(sent).toEqual([{ cols: 90, rows: 24 }]);
  });

  it('goes one row off and back, so that a full-screen program draws itself again', () => {
    const { time, sent, report } = setUp();
    report.nudge();
    expect(sent).toEqual([]);
    report.known({ cols: 80, rows: 24 });
    report.nudge();
    expect(sent).toEqual([{ cols: 80, rows: 23 }]);
    time.advance(150);
    expect(sent).toEqual([
      { cols: 80, rows: 23 },
      { cols: 80, rows: 24 },
    ]);
  });
});
