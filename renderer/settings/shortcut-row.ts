/** A shortcut as the settings page shows it; the app, which has the actions, hands them in. */
export interface ShortcutRow {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  /** As it is kept, one for each way; empty: none. */
  readonly chords: readonly string[];
  readonly isDefault: boolean;
}
