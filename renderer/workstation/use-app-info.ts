/** What the app says of itself and of the computer it runs on; null until it came. */
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import { useBridge } from '../state/context.tsx';

export function useAppInfo(): CallOutput<'app.info'> | null {
  const bridge = useBridge();
  const [info, setInfo] = useState<CallOutput<'app.info'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const answer = await bridge.call('app.info', null);
      if (wanted && answer.ok) setInfo(answer.value);
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [bridge]);
  return info;
}
