/** Both schemes can be read: WCAG AA for every colour of text on the background. */
import { describe, expect, it } from 'vitest';
import { COLOR_SCHEMES } from './color-scheme.ts';

const channel = (value: number): number => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => channel(parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = [
  'foreground',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;

describe.each(['light', 'dark'] as const)('the %s scheme', (theme) => {
  const scheme = COLOR_SCHEMES[theme];
  it.each(TEXT)('draws %s so that it can be read', (name) => {
    expect(contrast(scheme[name], scheme.background)).toBeGreaterThanOrEqual(4.5);
  });
  it('keeps text readable where it is selected', () => {
    expect(contrast(scheme.foreground, scheme.selectionBackground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(scheme.foreground, scheme.selectionInactiveBackground)).toBeGreaterThanOrEqual(4.5);
  });
  it('shows the cursor and what is under it', () => {
    expect(contrast(scheme.cursor, scheme.background)).toBeGreaterThanOrEqual(3);
    expect(contrast(scheme.cursorAccent, scheme.cursor)).toBeGreaterThanOrEqual(4.5);
  });
});
