/** What an operator sets for signing in beside passwords: mail for codes, and the providers. */
import { z } from 'zod';
import { email } from '../protocol/api/values.ts';
import type { MailSettings } from './auth/mailer.ts';
import { otpPolicies, type OtpPolicy } from './auth/otp/policy.ts';
import type { GithubSettings } from './auth/providers/github.ts';
import type { MicrosoftSettings } from './auth/providers/microsoft.ts';

/** `address` or `Name <address>`. */
const mailFrom = z.string().refine((text) => {
  const [, inBrackets] = /^[^<>\r\n]*<([^<>]+)>$/.exec(text) ?? [];
  return email.safeParse(inBrackets ?? text).success;
}, 'must be an address such as WebXTerm <terminals@example.org>');
/** Secrets go there: in the clear on this computer only, as in tests. */
const providerUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://login.example.org' })
  .transform((text) => new URL(text))
  .refine(
    ({ protocol, hostname }) => protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname),
    'must be https',
  );

/** Part of the environment that `config.ts` reads. */
export const signInVariables = {
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an address such as smtps://user:password@mail.example.org' })
    .optional()
    .describe('mail server that codes are sent by, smtps:// or smtp://'),
  MAIL_FROM: mailFrom.optional().describe('sender of those mails'),
  OTP: z
    .enum(otpPolicies, `must be one of ${otpPolicies.join(', ')}`)
    .optional()
    .describe(
      'who is asked for a code after the password: all (by default, once mail is set up), ui (apps and browsers only: no protection, for programs name themselves), off',
    ),
  MICROSOFT_CLIENT_ID: z
    .string()
    .optional()
    .describe('of this server at Microsoft, to sign in with accounts from there'),
  MICROSOFT_CLIENT_SECRET: z.string().optional().describe('belongs to it'),
  MICROSOFT_ISSUER: providerUrl
    .default(new URL('https://login.microsoftonline.com/common/v2.0'))
    .describe('whose accounts: those of one tenant or cloud; any by default'),
  GITHUB_CLIENT_ID: z.string().optional().describe('of this server at GitHub, to sign in with accounts from there'),
  GITHUB_CLIENT_SECRET: z.string().optional().describe('belongs to it'),
  GITHUB_URL: providerUrl.default(new URL('https://github.com')).describe('of GitHub, where it is your own'),
  GITHUB_API_URL: providerUrl
    .default(new URL('https://api.github.com'))
    .describe('of its API, such as https://HOST/api/v3'),
};
const variables = z.object(signInVariables);
type Variables = z.output<typeof variables>;

export interface SignInConfig {
  /** Null: there is none. */
  readonly mail: MailSettings | null;
  readonly otp: OtpPolicy;
  /** Null: nobody signs in by them. */
  readonly microsoft: MicrosoftSettings | null;
  readonly github: GithubSettings | null;
}

/** What only makes sense together. */
const together: readonly (readonly [name: keyof Variables, needs: keyof Variables])[] = [
  ['SMTP_URL', 'MAIL_FROM'],
  ['MAIL_FROM', 'SMTP_URL'],
  ['MICROSOFT_CLIENT_ID', 'MICROSOFT_CLIENT_SECRET'],
  ['MICROSOFT_CLIENT_SECRET', 'MICROSOFT_CLIENT_ID'],
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  ['GITHUB_CLIENT_SECRET', 'GITHUB_CLIENT_ID'],
];

/** What is missing beside what is set, a sentence each. */
export function signInProblems(set: Variables): readonly string[] {
  const alone = together.filter(([name, needs]) => set[name] !== undefined && set[needs] === undefined);
  const isCodeWithoutMail = set.OTP !== undefined && set.OTP !== 'off' && set.SMTP_URL === undefined;
  return [
    ...alone.map(([name, needs]) => `${name} needs ${needs} too`),
    ...(isCodeWithoutMail ? ['OTP needs SMTP_URL and MAIL_FROM: codes are sent by mail'] : []),
  ];
}

export function signInConfig(set: Variables): SignInConfig {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from } = set;
  const mail = smtpUrl === undefined || from === undefined ? null : { smtpUrl, from };
  const microsoft = { issuer: set.MICROSOFT_ISSUER };
  const github = { url: set.GITHUB_URL, apiUrl: set.GITHUB_API_URL };
  return {
    mail,
    otp: set.OTP ?? (mail ? 'all' : 'off'),
    microsoft: withClient(set.MICROSOFT_CLIENT_ID, set.MICROSOFT_CLIENT_SECRET, microsoft),
    github: withClient(set.GITHUB_CLIENT_ID, set.GITHUB_CLIENT_SECRET, github),
  };
}

function withClient<T>(clientId: string | undefined, clientSecret: string | undefined, where: T) {
  return clientId === undefined || clientSecret === undefined ? null : { clientId, clientSecret, ...where };
}
