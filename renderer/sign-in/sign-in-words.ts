/** What stands over each step of signing in, and the times in it as they are counted down. */
import type { Provider } from '../../protocol/api/values.ts';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';

export interface Words {
  readonly title: string;
  readonly description: string;
}

export const providerNames: Readonly<Record<Provider, string>> = { microsoft: 'Microsoft', github: 'GitHub' };

/** `first`: before anything is on its way. */
export function wordsOf(step: SignIn | null, first: Words): Words {
  if (step === null) return first;
  switch (step.at) {
    case 'browser':
      return {
        title: 'Finish in your browser',
        description: `Sign in with ${providerNames[step.provider]} there, and confirm that it is for this app.`,
      };
    case 'organization':
      return {
        title: 'Choose an organization',
        description: 'You have accounts in several. You can switch later, and nothing closes then.',
      };
    case 'code':
      return {
        title: 'Enter the code',
        description: `A code of six digits was sent to ${step.email ?? 'the email address of your account'}.`,
      };
    case 'signed-in':
    case 'over':
      return first;
  }
}

/** `1:05`. */
export const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** Until something may be done. */
export const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

/** For which something certainly still holds. */
export const secondsLeft = (at: number, now: number): number => Math.max(0, Math.floor((at - now) / 1000));
