/** Changes settings; they are in effect as soon as the main process has them. */
import type { Failure } from '../../protocol/bridge/failure.ts';
import type { SettingsPatch } from '../../protocol/bridge/settings.ts';
import { useBridge } from '../state/context.tsx';
import { useTask } from '../ui/use-task.ts';

export function useSettingsUpdate(): {
  readonly update: (patch: SettingsPatch) => void;
  readonly failure: Failure | null;
} {
  const bridge = useBridge();
  const task = useTask<Failure>();
  return { update: (patch) => task.run(() => bridge.call('settings.update', patch)), failure: task.failure };
}
