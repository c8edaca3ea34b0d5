/** A code as it is typed, asked about, and sent again. */
import { useState } from 'react';
import type { Failure } from '../../protocol/bridge/failure.ts';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { useBridge } from '../state/context.tsx';
import { useTask } from '../ui/use-task.ts';
import { useWait } from './use-wait.ts';

export interface CodeEntry {
  readonly code: string;
  readonly busy: boolean;
  readonly sending: boolean;
  /** Another code was sent while one looks at this. */
  readonly sent: boolean;
  /** Said of the code itself. */
  readonly wrong: string | undefined;
  /** All else that went wrong: the same code may be tried again. */
  readonly failure: Failure | null;
  /** Seconds until another try. */
  readonly waitS: number;
  readonly type: (typed: string) => void;
  readonly look: (typed: string) => void;
  readonly resend: () => void;
}

export const DIGITS = 6;
const isOfTheCode = ({ code }: Failure): boolean => code === 'code-wrong' || code === 'code-expired';
const USED_UP = 'This code is used up. Ask for a new one.';

/** `onAnew`: the first digit is wanted. */
export function useCodeEntry(step: Extract<SignIn, { readonly at: 'code' }>, onAnew: () => void): CodeEntry {
  const bridge = useBridge();
  const { sign_in, used_up: usedUp } = step;
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  const looking = useTask<Failure>();
  const sending = useTask<Failure>();
  const waitS = useWait(looking.failure);
  const said = looking.failure;
  const wrong = said !== null && isOfTheCode(said);

  const anew = () => {
    setCode('');
    onAnew();
  };
  return {
    code,
    busy: looking.busy,
    sending: sending.busy,
    sent,
    wrong: wrong ? said.message : usedUp ? USED_UP : undefined,
    failure: sending.failure ?? (wrong ? null : said),
    waitS,
    type(typed) {
      if (said !== null && waitS === 0) looking.reset();
      setCode(typed);
    },
    look(typed) {
      if (looking.busy || waitS > 0 || usedUp || typed.length < DIGITS) return;
      sending.reset();
      looking.run(async () => {
        const answer = await bridge.call('sign-in.code', { sign_in, code: typed });
        if (!answer.ok && isOfTheCode(answer.failure)) anew();
        return answer;
      });
    },
    resend() {
      looking.reset();
      setSent(false);
      sending.run(
        () => bridge.call('sign-in.resend', { sign_in }),
        () => {
          setSent(true);
          anew();
        },
      );
    },
  };
}
