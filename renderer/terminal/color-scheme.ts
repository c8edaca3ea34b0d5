/** The terminal's colours, one scheme for each theme. Text colours reach 4.5 : 1 on the background; a test holds them to it. */
import type { ITheme } from '@xterm/xterm';

export type Theme = 'light' | 'dark';

/** Programs may choose any pair of colours: text below this contrast is drawn lighter or darker. WCAG AA. */
export const MIN_CONTRAST = 4.5;

export const COLOR_SCHEMES: Readonly<
  Record<Theme, Readonly<Required<Omit<ITheme, 'extendedAnsi' | 'selectionForeground' | 'overviewRulerBorder'>>>>
> = {
  light: {
    background: '#ffffff',
    foreground: '#1a1c21',
    cursor: '#5552d4',
    cursorAccent: '#ffffff',
    selectionBackground: '#c9c8f7',
    selectionInactiveBackground: '#dddfe5',
    scrollbarSliderBackground: '#1a1c2126',
    scrollbarSliderHoverBackground: '#1a1c2140',
    scrollbarSliderActiveBackground: '#1a1c2159',
    black: '#1a1c21',
    red: '#b92b24',
    green: '#17734a',
    yellow: '#855300',
    blue: '#2c4fc9',
    magenta: '#9330a0',
    cyan: '#0d6a7a',
    white: '#5d6370',
    brightBlack: '#666c79',
    brightRed: '#c9372f',
    brightGreen: '#1b7d51',
    brightYellow: '#8f5f00',
    brightBlue: '#4a47c8',
    brightMagenta: '#a83bb5',
    brightCyan: '#107485',
    brightWhite: '#3f444f',
  },
  dark: {
    background: '#15171b',
    foreground: '#e8e9ed',
    cursor: '#a5a4ff',
    cursorAccent: '#15171b',
    selectionBackground: '#40427c',
    selectionInactiveBackground: '#30333d',
    scrollbarSliderBackground: '#e8e9ed26',
    scrollbarSliderHoverBackground: '#e8e9ed40',
    scrollbarSliderActiveBackground: '#e8e9ed59',
    black: '#3a3e48',
    red: '#ff7d74',
    green: '#57cf95',
    yellow: '#e8b84e',
    blue: '#85a9ff',
    magenta: '#d79bf5',
    cyan: '#5bc8d8',
    white: '#cfd2da',
    brightBlack: '#9298a5',
    brightRed: '#ffa29b',
    brightGreen: '#82e3b3',
    brightYellow: '#f6d27f',
    brightBlue: '#a5a4ff',
    brightMagenta: '#e6c0fa',
    brightCyan: '#8fe1ec',
    brightWhite: '#ffffff',
  },
};

/** Where a search matched. The emulator takes no alpha here. */
export const MATCH_COLORS: Readonly<
  Record<Theme, { readonly match: string; readonly active: string; readonly border: string }>
> = {
  light: { match: '#fde7b0', active: '#f7b955', border: '#855300' },
  dark: { match: '#4d3f17', active: '#8a6410', border: '#e8b84e' },
};
