/** Asks whether a server is at the address that was typed, a moment after the last key. */
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';

export type ServerCheck =
  | { readonly at: 'idle' | 'checking' }
  | { readonly at: 'found'; readonly server: CallOutput<'servers.check'> }
  | { readonly at: 'failed'; readonly failure: Failure };

const AFTER_TYPING_MS = 500;
const idle: ServerCheck = { at: 'idle' };

export function useServerCheck(address: string): ServerCheck {
  const bridge = useBridge();
  const [result, setResult] = useState<{ readonly of: string; readonly check: ServerCheck }>({ of: '', check: idle });
  const asked = address.trim();
  useEffect(() => {
    if (asked === '') return undefined;
    let wanted = true;
    const tell = (check: ServerCheck) => (wanted ? setResult({ of: asked, check }) : undefined);
    const ask = async () => {
      tell({ at: 'checking' });
      const answer = await bridge.call('servers.check', { address: asked });
      tell(answer.ok ? { at: 'found', server: answer.value } : { at: 'failed', failure: answer.failure });
    };
    const timer = setTimeout(() => void ask(), AFTER_TYPING_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [bridge, asked]);
  return result.of === asked ? result.check : idle;
}
