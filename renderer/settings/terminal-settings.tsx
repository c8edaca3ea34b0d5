/** How terminals look and behave. */
import { useSettings } from '../state/context.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { Card, FormRow } from '../ui/page.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import type { GroupProps } from './appearance-settings.tsx';
import { TextSetting } from './text-setting.tsx';

/** What can be on or off, with its words. */
const switches = [
  ['cursor_blink', 'Blinking cursor', ''],
  ['copy_on_select', 'Copy what is selected', 'Selected text goes to the clipboard at once.'],
  ['paste_guard', 'Ask before pasting several lines', 'Shows what will be pasted; control characters are shown too.'],
  ['screen_reader', 'Screen reader', 'What the terminal shows is read out as it comes.'],
] as const;

export function TerminalSettings({ update }: GroupProps) {
  const terminal = useSettings((settings) => settings.terminal);
  return (
    <Card>
      <FormRow title="Font" note="Empty: the fixed-width font of the system.">
        <TextSetting
          label="Font"
          placeholder="Monospace of the system"
          value={terminal.font_family}
          maxLength={200}
          onCommit={(font) => update({ terminal: { font_family: font } })}
        />
      </FormRow>
      <FormRow title="Font size">
        <NumberField
          label="Font size"
          value={terminal.font_size}
          min={6}
          max={40}
          onCommit={(size) => update({ terminal: { font_size: size } })}
        />
      </FormRow>
      <FormRow title="Line height">
        <NumberField
          label="Line height"
          value={terminal.line_height}
          min={1}
          max={2}
          step={0.05}
          onCommit={(height) => update({ terminal: { line_height: height } })}
        />
      </FormRow>
      <FormRow title="Cursor">
        <Segmented
          label="Cursor"
          value={terminal.cursor}
          options={[
            { value: 'block', label: 'Block' },
            { value: 'bar', label: 'Bar' },
            { value: 'underline', label: 'Underline' },
          ]}
          onChange={(cursor) => update({ terminal: { cursor } })}
        />
      </FormRow>
      <FormRow title="Bell">
        <Segmented
          label="Bell"
          value={terminal.bell}
          options={[
            { value: 'visual', label: 'Flash' },
            { value: 'none', label: 'Nothing' },
          ]}
          onChange={(bell) => update({ terminal: { bell } })}
        />
      </FormRow>
      <FormRow title="Scrollback" note="Lines kept above the screen, for each terminal.">
        <NumberField
          label="Scrollback"
          value={terminal.scrollback}
          min={0}
          max={100_000}
          step={1000}
          onCommit={(scrollback) => update({ terminal: { scrollback } })}
        />
      </FormRow>
      <FormRow title="Right click">
        <Segmented
          label="Right click"
          value={terminal.right_click}
          options={[
            { value: 'menu', label: 'Opens a menu' },
            { value: 'paste', label: 'Pastes' },
          ]}
          onChange={(click) => update({ terminal: { right_click: click } })}
        />
      </FormRow>
      {switches.map(([key, title, note]) => (
        <FormRow key={key} title={title} note={note}>
          <Switch label={title} checked={terminal[key]} onChange={(on) => update({ terminal: { [key]: on } })} />
        </FormRow>
      ))}
      <FormRow title="Drawing" note="Without the graphics card it is slower, and works where drivers fail.">
        <Select
          label="Drawing"
          value={terminal.renderer}
          options={[
            { value: 'auto', label: 'Graphics card if possible' },
            { value: 'dom', label: 'Without graphics card' },
          ]}
          onChange={(renderer) => update({ terminal: { renderer } })}
        />
      </FormRow>
    </Card>
  );
}
