/** A program of its own that uses the vault as the desktop does: `write NAME SECRET`, `read NAME`, `forget NAME`; says what it saw as JSON. */
import { createNotices } from '../../../main/core/notices.ts';
import { openKeychain } from '../../../main/core/vault/keychain.ts';
import { createVault } from '../../../main/core/vault/vault.ts';

const [, , verb = '', name = '', secret = ''] = process.argv;
const nobody = (): void => undefined;
const log = { debug: nobody, info: nobody, warn: nobody, error: nobody };
const notices = createNotices();
const vault = createVault({ keychain: openKeychain('webxterm-desktop'), notices, log });

if (verb === 'write') await vault.write(name, secret);
if (verb === 'forget') await vault.forget(name);
const value = await vault.read(name);
process.stdout.write(JSON.stringify({ value, notices: notices.list.value.map(({ code }) => code) }));
