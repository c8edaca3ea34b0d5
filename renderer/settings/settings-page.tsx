/** All settings; each is in effect at once. */
import { useEffect, useRef, type ReactNode } from 'react';
import { useSettings } from '../state/context.tsx';
import type { Platform } from '../ui/chord.ts';
import { FailureNote } from '../ui/failure-note.tsx';
import { Card, FormRow, Page, Section } from '../ui/page.tsx';
import { Switch } from '../ui/switch.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { NetworkSettings } from './network-settings.tsx';
import './settings.css';
import { settingsSections, type SettingsSection } from './settings-section.ts';
import type { ShortcutRow } from './shortcut-row.ts';
import { ShortcutSettings } from './shortcut-settings.tsx';
import { TerminalSettings } from './terminal-settings.tsx';
import { useSettingsUpdate } from './use-settings-update.ts';

interface SettingsPageProps {
  /** The part to go to; a new object goes there again. */
  readonly goTo: { readonly section: SettingsSection } | null;
  readonly shortcuts: readonly ShortcutRow[];
  readonly platform: Platform;
  /** As kept in the settings, without the default ones. */
  readonly onShortcut: (id: string, chord: string | null) => void;
}

function NotificationSettings({ update }: { readonly update: ReturnType<typeof useSettingsUpdate>['update'] }) {
  const { sessions } = useSettings((settings) => settings.notifications);
  return (
    <Card>
      <FormRow
        title="Sessions"
        note="While the window is hidden: when a session ends, and when somebody comes to this computer."
      >
        <Switch
          label="Notify about sessions"
          checked={sessions}
          onChange={(on) => update({ notifications: { sessions: on } })}
        />
      </FormRow>
    </Card>
  );
}

export function SettingsPage({ goTo, shortcuts, platform, onShortcut }: SettingsPageProps) {
  const { update, failure } = useSettingsUpdate();
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (goTo) body.current?.querySelector(`[data-section="${goTo.section}"]`)?.scrollIntoView({ block: 'start' });
  }, [goTo]);
  const groups: Readonly<Record<SettingsSection, ReactNode>> = {
    appearance: <AppearanceSettings update={update} />,
    terminal: <TerminalSettings update={update} />,
    shortcuts: <ShortcutSettings rows={shortcuts} platform={platform} onChange={onShortcut} />,
    network: <NetworkSettings update={update} />,
    notifications: <NotificationSettings update={update} />,
  };
  return (
    <Page title="Settings">
      {failure && <FailureNote failure={failure} />}
      <div ref={body} className="settings-groups">
        {settingsSections.map(({ id, title }) => (
          <div key={id} data-section={id} className="settings-group">
            <Section title={title}>{groups[id]}</Section>
          </div>
        ))}
      </div>
    </Page>
  );
}
