/** Settings as the emulator takes them. */
import { describe, expect, it } from 'vitest';
import { settings } from '../../protocol/bridge/settings.ts';
import { emulatorOptions, scrollbackRows } from './emulator-options.ts';
import { withinLimits } from './fitting.ts';
import { realAddress } from './links.ts';
import { countText } from './search.ts';
import { zoomed } from './zoom.ts';

const terminal = settings.parse({}).terminal;

describe('the settings of the terminal', () => {
  it('reach the emulator', () => {
    const options = emulatorOptions({
      settings: { ...terminal, font_family: 'Iosevka', font_size: 15, cursor: 'bar', screen_reader: true },
      theme: 'dark',
      cols: 80,
    });
    expect(options).toMatchObject({
      fontSize: 15,
      cursorStyle: 'bar',
      screenReaderMode: true,
      minimumContrastRatio: 4.5,
    });
    expect(options.fontFamily).toMatch(/^Iosevka, /);
  });

  it('keep a budget of memory per tab: very wide terminals keep fewer rows', () => {
    expect(scrollbackRows(10_000, 200)).toBe(10_000);
    expect(scrollbackRows(100_000, 200) * 200 * 12).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(scrollbackRows(0, 80)).toBe(0);
  });

  it('zoom in steps, within bounds, and back', () => {
    expect(zoomed(13, 'zoom-in')).toBe(14);
    expect(zoomed(40, 'zoom-in')).toBe(40);
    expect(zoomed(6, 'zoom-out')).toBe(6);
    expect(zoomed(22, 'zoom-reset')).toBe(terminal.font_size);
  });
});

describe('the fitted size', () => {
  it('stays within what the wire takes', () => {
    expect(withinLimits({ cols: 5000, rows: 0 })).toEqual({ cols: 1000, rows: 1 });
    expect(withinLimits({ cols: 1, rows: 2000 })).toEqual({ cols: 2, rows: 1000 });
  });

  it('is none while nothing can be measured', () => {
    expect(withinLimits(undefined)).toBeNull();
    expect(withinLimits({ cols: Number.NaN, rows: 24 })).toBeNull();
  });
});

describe('a link', () => {
  it('shows where it really leads', () => {
    expect(realAddress('https://аpple.com/a b')).toBe('https://xn--pple-43d.com/a%20b');
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'nonsense'])('to %s is none', (text) => {
    expect(realAddress(text)).toBeNull();
  });
});

describe('the result of a search', () => {
  it('is counted from one, or said in words', () => {
    expect(countText({ at: 'found', index: 0, count: 3 })).toBe('1 of 3');
    expect(countText({ at: 'found', index: -1, count: 5000 })).toBe('5000+ results');
    expect(countText({ at: 'no-match' })).toBe('No results');
    expect(countText({ at: 'bad-pattern' })).toBe('Not a valid expression');
  });
});
