/** How the window looks. */
import type { SettingsPatch } from '../../protocol/bridge/settings.ts';
import { useSettings } from '../state/context.tsx';
import { Card, FormRow } from '../ui/page.tsx';
import { Segmented } from '../ui/segmented.tsx';

export interface GroupProps {
  readonly update: (patch: SettingsPatch) => void;
}

export function AppearanceSettings({ update }: GroupProps) {
  const { theme, density } = useSettings((settings) => settings.appearance);
  return (
    <Card>
      <FormRow title="Theme" note="Follows the system, or stays as it is.">
        <Segmented
          label="Theme"
          value={theme}
          options={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          onChange={(next) => update({ appearance: { theme: next } })}
        />
      </FormRow>
      <FormRow title="Density" note="How much fits on the screen.">
        <Segmented
          label="Density"
          value={density}
          options={[
            { value: 'comfortable', label: 'Comfortable' },
            { value: 'compact', label: 'Compact' },
          ]}
          onChange={(next) => update({ appearance: { density: next } })}
        />
      </FormRow>
    </Card>
  );
}
