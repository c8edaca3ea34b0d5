/** The first organization and its admin, made once in the server's store before it runs. */
import { hostname } from 'node:os';
import { z } from 'zod';
import { StartFailure } from './failure.mjs';

const made = z.object({
  organization: z.string(),
  email: z.string(),
  username: z.string(),
  password: z.string(),
  registration_token: z.string(),
});
const answer = z.union([made, z.object({ exists: z.literal(true) })]);

/** What this computer is called among the machines. */
export const computerName = () => hostname().split('.', 1)[0]?.slice(0, 100) || 'this-computer';

/**
 * @param {import('./programs.mjs').Programs} programs
 * @param {string} data of the server
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} a token to register this computer with, null when there is an organization already
 */
export async function makeOrganization(programs, data, say) {
  const who = ['--organization', 'Home', '--email', 'admin@home.example', '--username', 'admin'];
  const { code, stdout, stderr } = await programs.run({
    args: ['dist/webxterm-backend.js', 'bootstrap', ...who, '--registration-token', computerName(), '--data', data],
  });
  if (code !== 0) throw new StartFailure(`The first organization could not be made. ${stderr.trim()}`);
  const told = answer.parse(JSON.parse(stdout));
  if ('exists' in told) return null;
  say(`The organization ${told.organization} is made, with its admin. This is shown once; keep it:`);
  say(`    email     ${told.email}`);
  say(`    password  ${told.password}`);
  return told.registration_token;
}
