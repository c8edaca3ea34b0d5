/** What a list does not tell of a machine, asked when its page is opened. */
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import { useBridge } from '../state/context.tsx';
import type { MachineRef } from '../state/layout.ts';

type Detail = CallOutput<'machines.get'>;

/** Null until it came, and where it did not: what the list says is shown in any case. */
export function useMachineDetail({ account, agent_id }: MachineRef): Detail | null {
  const bridge = useBridge();
  const [detail, setDetail] = useState<Detail | null>(null);
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const answer = await bridge.call('machines.get', { account, agent_id });
      if (wanted && answer.ok) setDetail(answer.value);
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [bridge, account, agent_id]);
  return detail;
}
