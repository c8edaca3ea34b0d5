/** The mail with a code: what it is for, from where it was asked for and when, and what nobody will ever ask. */
import type { Source } from '../../../protocol/api/values.ts';
import { escaped } from '../../gateway/html.ts';
import type { Mail } from '../mailer.ts';

/**
 * Nothing in it is free text of whoever asks: somebody may have made an account with a stranger's address, and would write to the
 * stranger in our name.
 */
export interface CodeMail {
  readonly to: string;
  readonly code: string;
  readonly username: string;
  /** The organization's `tenant_id`. */
  readonly tenantId: string;
  /** The host people sign in at. */
  readonly server: string;
  readonly address: string;
  readonly source: Source;
  readonly at: Date;
  readonly minutes: number;
}

export function codeMail({ to, code, ...about }: CodeMail): Mail {
  const { username, tenantId, server, address, source, at, minutes } = about;
  const when = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const opening = `Somebody, you we hope, is signing in to ${server} as ${username} of ${tenantId}.`;
  const facts = [`From: ${address}`, `With: ${clients[source]}`, `When: ${when}`];
  const closing = [
    `The code works once, for ${minutes} minutes.`,
    'Nobody will ask you for it by phone, chat or mail. Type it only where you signed in yourself.',
    'If that was not you, somebody knows your password: change it.',
  ];
  return {
    to,
    // Without the code: subjects show on locked screens.
    subject: `Your code for ${server}`,
    text: [opening, '', `Your code: ${code}`, '', ...facts, '', ...closing, ''].join('\n'),
    html: [
      '<!doctype html>',
      '<html lang="en"><body>',
      `<p>${escaped(opening)}</p>`,
      `<p>Your code: <strong style="font-size:1.5em;letter-spacing:.2em">${escaped(code)}</strong></p>`,
      `<p>${facts.map(escaped).join('<br>')}</p>`,
      ...closing.map((sentence) => `<p>${escaped(sentence)}</p>`),
      '</body></html>',
      '',
    ].join('\n'),
  };
}

const clients: Readonly<Record<Source, string>> = {
  desktop: 'the desktop app',
  ui: 'a browser',
  vscode: 'VS Code',
  cli: 'a program',
};
