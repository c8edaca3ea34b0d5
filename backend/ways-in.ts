/** The ways to sign in beside a password, made from what the operator set. */
import type { Logger } from 'pino';
import { z } from 'zod';
import { createMailer } from './auth/mailer.ts';
import { createGithub } from './auth/providers/github.ts';
import { createMicrosoft } from './auth/providers/microsoft.ts';
import type { ProviderTrouble } from './auth/providers/provider.ts';
import type { AuthParts } from './auth/service.ts';
import type { SignInConfig } from './sign-in-config.ts';

/** What an error says of itself; its causes hold what passed between the servers, tokens too. */
const providerProblem = z.object({ name: z.string(), code: z.string().optional(), message: z.string() });

export function waysIn(
  { mail, otp, microsoft, github }: SignInConfig,
  log: Pick<Logger, 'warn'>,
): Pick<AuthParts, 'otp' | 'providers'> {
  const trouble =
    (provider: string): ProviderTrouble =>
    (error) =>
      log.warn({ provider, problem: providerProblem.safeParse(error).data }, 'signing in by a provider failed');
  return {
    otp: mail === null || otp === 'off' ? null : { policy: otp, send: createMailer(mail) },
    providers: {
      microsoft: microsoft && createMicrosoft(microsoft, trouble('microsoft')),
      github: github && createGithub(github, trouble('github')),
    },
  };
}
