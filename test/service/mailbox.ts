/** A real mail server on loopback, and what it was handed, read as a mail program reads it. */
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import type { ServerCertificate } from './core/certificates.ts';

export interface Mailbox extends AsyncDisposable {
  /** The environment of a backend that sends by it. */
  readonly environment: Readonly<Record<string, string>>;
  /** While true it takes no mail. */
  readonly state: { refuses: boolean };
  /** Everything for this address, oldest first. */
  mailsTo(address: string): readonly Email[];
  /** The code in the newest. */
  codeFor(address: string): string;
}

/** `starts`: whether a connection is encrypted from its first byte, or once STARTTLS is said. */
export interface Encrypted {
  readonly certificate: ServerCertificate;
  readonly starts: 'at-once' | 'by-starttls';
}

/** With `encrypted` it takes no mail in the clear. */
export async function startMailbox(encrypted?: Encrypted): Promise<Mailbox> {
  const state = { refuses: false };
  const mails: Email[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: encrypted ? ['AUTH'] : ['STARTTLS', 'AUTH'],
    ...encrypted?.certificate,
    secure: encrypted?.starts === 'at-once',
    onMailFrom(_from, { secure }, answer) {
      answer(encrypted && !secure ? new Error('not in the clear') : null);
    },
    logger: false,
    onData(stream, _session, answer) {
      const take = async (): Promise<void> => {
        const mail = await PostalMime.parse(await buffer(stream));
        if (state.refuses) throw new Error('the mailbox is full');
        mails.push(mail);
      };
      take().then(() => answer(), answer);
    },
  });
  server.on('error', () => {
    // A client that went away.
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = z.object({ port: z.number() }).parse(listening.address());
  const mailsTo = (address: string) => mails.filter(({ to }) => to?.some((one) => one.address === address));
  return {
    environment: {
      SMTP_URL: `${encrypted?.starts === 'at-once' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
      MAIL_FROM: 'WebXTerm <terminals@example.test>',
    },
    state,
    mailsTo,
    codeFor(address) {
      const [, code] = /^Your code: (\d{6})$/m.exec(mailsTo(address).at(-1)?.text ?? '') ?? [];
      if (code === undefined) throw new Error(`no code was mailed to ${address}`);
      return code;
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
