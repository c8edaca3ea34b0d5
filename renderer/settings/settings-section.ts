/** The parts of the settings page, which can be gone to. */
export const settingsSections = [
  { id: 'appearance', title: 'Appearance' },
  { id: 'terminal', title: 'Terminal' },
  { id: 'shortcuts', title: 'Shortcuts' },
  { id: 'network', title: 'Network' },
  { id: 'notifications', title: 'Notifications' },
] as const;
export type SettingsSection = (typeof settingsSections)[number]['id'];
