/**
 * Every action of the window: its id (kept in settings, and what the host asks for), what it is called, and the keys it has at
 * first. Several keys may do the same, for one of them may belong to the shell while a terminal has the focus.
 */
export interface ActionInfo {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  readonly chords: readonly string[];
  /** Where a Mac is used differently. */
  readonly macChords?: readonly string[];
  /** `text`: not while somebody edits text, where the keys mean something else. `terminal`: only inside of a terminal. */
  readonly only?: 'outside-text' | 'terminal';
}

export const actions = [
  { id: 'palette.open', title: 'Command palette', section: 'Window', chords: ['Mod+K', 'Mod+Shift+P'] },
  { id: 'sidebar.toggle', title: 'Show or hide the machine list', section: 'Window', chords: ['Mod+B', 'Mod+Shift+B'] },
  { id: 'sidebar.filter', title: 'Search in the machine list', section: 'Window', chords: ['Mod+Shift+H'] },
  { id: 'page.machines', title: 'Machines', section: 'Go to', chords: ['Mod+Shift+M'] },
  { id: 'page.sessions', title: 'Sessions', section: 'Go to', chords: ['Mod+Shift+S'] },
  { id: 'page.workstation', title: 'This workstation', section: 'Go to', chords: [] },
  { id: 'page.settings', title: 'Settings', section: 'Go to', chords: ['Mod+,'] },
  { id: 'machine.add', title: 'Add machine…', section: 'Machines', chords: [] },
  { id: 'account.add', title: 'Add an account…', section: 'Accounts', chords: [] },
  { id: 'account.sign-out', title: 'Sign out of this account', section: 'Accounts', chords: [] },
  { id: 'theme.toggle', title: 'Switch between light and dark', section: 'Window', chords: [] },
  {
    id: 'tab.duplicate',
    title: 'New session on this machine',
    section: 'Tabs',
    chords: ['Ctrl+Shift+T'],
    macChords: ['Mod+T'],
  },
  {
    id: 'tab.split-right',
    title: 'New session at the right',
    section: 'Tabs',
    chords: ['Ctrl+Shift+E'],
    macChords: ['Mod+D'],
  },
  {
    id: 'tab.split-down',
    title: 'New session below',
    section: 'Tabs',
    chords: ['Ctrl+Shift+O'],
    macChords: ['Mod+Shift+D'],
  },
  { id: 'tab.close', title: 'Close tab', section: 'Tabs', chords: ['Ctrl+Shift+W'], macChords: ['Mod+W'] },
  { id: 'tab.reopen', title: 'Reopen closed tab', section: 'Tabs', chords: ['Mod+Shift+Z'], only: 'outside-text' },
  { id: 'tab.rename', title: 'Rename tab…', section: 'Tabs', chords: [] },
  { id: 'tab.next', title: 'Next tab', section: 'Tabs', chords: ['Ctrl+PageDown', 'Ctrl+Tab'] },
  { id: 'tab.previous', title: 'Previous tab', section: 'Tabs', chords: ['Ctrl+PageUp', 'Ctrl+Shift+Tab'] },
  {
    id: 'split.right',
    title: 'Go to the split at the right',
    section: 'Tabs',
    chords: ['Ctrl+Shift+ArrowRight'],
    macChords: ['Mod+Alt+ArrowRight'],
    only: 'outside-text',
  },
  {
    id: 'split.left',
    title: 'Go to the split at the left',
    section: 'Tabs',
    chords: ['Ctrl+Shift+ArrowLeft'],
    macChords: ['Mod+Alt+ArrowLeft'],
    only: 'outside-text',
  },
  {
    id: 'split.up',
    title: 'Go to the split above',
    section: 'Tabs',
    chords: ['Ctrl+Shift+ArrowUp'],
    macChords: ['Mod+Alt+ArrowUp'],
    only: 'outside-text',
  },
  {
    id: 'split.down',
    title: 'Go to the split below',
    section: 'Tabs',
    chords: ['Ctrl+Shift+ArrowDown'],
    macChords: ['Mod+Alt+ArrowDown'],
    only: 'outside-text',
  },
  {
    id: 'terminal.copy',
    title: 'Copy',
    section: 'Terminal',
    chords: ['Ctrl+Shift+C'],
    macChords: ['Mod+C'],
    only: 'terminal',
  },
  {
    id: 'terminal.paste',
    title: 'Paste',
    section: 'Terminal',
    chords: ['Ctrl+Shift+V', 'Shift+Insert'],
    macChords: ['Mod+V'],
    only: 'terminal',
  },
  {
    id: 'terminal.select-all',
    title: 'Select all',
    section: 'Terminal',
    chords: ['Ctrl+Shift+A'],
    macChords: ['Mod+A'],
    only: 'terminal',
  },
  {
    id: 'terminal.find',
    title: 'Find',
    section: 'Terminal',
    chords: ['Ctrl+Shift+F'],
    macChords: ['Mod+F'],
    only: 'terminal',
  },
  {
    id: 'terminal.find-next',
    title: 'Find next',
    section: 'Terminal',
    chords: ['Ctrl+Shift+G'],
    macChords: ['Mod+G'],
    only: 'terminal',
  },
  {
    id: 'terminal.find-previous',
    title: 'Find previous',
    section: 'Terminal',
    chords: [],
    macChords: ['Mod+Shift+G'],
    only: 'terminal',
  },
  {
    id: 'terminal.zoom-in',
    title: 'Larger text',
    section: 'Terminal',
    chords: ['Mod+=', 'Mod+Shift+='],
    only: 'terminal',
  },
  { id: 'terminal.zoom-out', title: 'Smaller text', section: 'Terminal', chords: ['Mod+-'], only: 'terminal' },
  {
    id: 'terminal.zoom-reset',
    title: 'Text as in the settings',
    section: 'Terminal',
    chords: ['Mod+0'],
    only: 'terminal',
  },
  {
    id: 'terminal.clear',
    title: 'Clear scrollback',
    section: 'Terminal',
    chords: ['Ctrl+Shift+K'],
    macChords: ['Mod+Shift+K'],
    only: 'terminal',
  },
  {
    id: 'terminal.scroll-to-top',
    title: 'Scroll to the top',
    section: 'Terminal',
    chords: ['Ctrl+Shift+Home'],
    macChords: ['Mod+Home'],
    only: 'terminal',
  },
  {
    id: 'terminal.scroll-to-bottom',
    title: 'Scroll to the bottom',
    section: 'Terminal',
    chords: ['Ctrl+Shift+End'],
    macChords: ['Mod+End'],
    only: 'terminal',
  },
  { id: 'terminal.take-control', title: 'Take control', section: 'Terminal', chords: [], only: 'terminal' },
  { id: 'terminal.retry', title: 'Connect again now', section: 'Terminal', chords: [], only: 'terminal' },
] as const satisfies readonly ActionInfo[];

export type ActionId = (typeof actions)[number]['id'];

export const isActionId = (id: string): id is ActionId => actions.some((action) => action.id === id);
