/** How long a server that was tried too often wants to be left alone. */
import { useState } from 'react';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useTime } from '../state/context.tsx';
import { secondsUntil } from './sign-in-words.ts';

/** Seconds until the next try; 0: at once. */
export function useWait(failure: Failure | null): number {
  const now = useTime((at) => at);
  const [deadline, setDeadline] = useState<{ readonly of: Failure; readonly at: number } | null>(null);
  if (failure?.retry_after_s !== undefined && deadline?.of !== failure)
    setDeadline({ of: failure, at: now + failure.retry_after_s * 1000 });
  return deadline && deadline.of === failure ? secondsUntil(deadline.at, now) : 0;
}
