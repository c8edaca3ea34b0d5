/** This computer as a machine of the server: registered once, its agent run as the person who starts it. */
import { userInfo } from 'node:os';
import { computerName } from './sign-in.mjs';

/** How the agent says that it need not be started here. */
const exit = { notConfigured: 3, alreadyRunning: 4, revoked: 5 };
const byHand = 'Switch it on in the app, under This workstation.';

/**
 * @typedef {object} Registration
 * @property {import('./programs.mjs').Programs} programs
 * @property {string} folder of the agent's configuration
 * @property {string} address of the server
 * @property {string} token is given by standard input: in no argument
 */

/**
 * @param {Registration} registration
 * @returns {Promise<{ ok: true } | { ok: false, sentence: string }>}
 */
export async function register({ programs, folder, address, token }) {
  const { code, stderr } = await programs.run({
    args: [
      'dist/webxterm-agent.js',
      'configure',
      `--host=${address}`,
      '--token=-',
      `--name=${computerName()}`,
      `--config=${folder}`,
      '--allow-sudo',
      ...shellUser(),
    ],
    input: `${token}\n`,
  });
  if (code === 0) return { ok: true };
  return { ok: false, sentence: `This computer could not be registered. ${stderr.trim()} ${byHand}` };
}

/** An agent of root opens shells only for a named user; it is the computer of the one who became root, or of root. */
function shellUser() {
  if (process.getuid?.() !== 0) return [];
  return ['--linux-user', process.env['SUDO_USER'] ?? 'root'];
}

/** Whose shells it opens, for the person. */
export const shellUserName = () => shellUser()[1] ?? userInfo().username;

/**
 * @param {import('./programs.mjs').Programs} programs
 * @param {string} folder
 * @param {(line: string) => void} say
 */
export async function startAgent(programs, folder, say) {
  const agent = await programs.start({
    name: 'agent',
    args: ['dist/webxterm-agent.js', 'start', '--config', folder],
  });
  void tellEnd(agent, say);
}

/**
 * @param {import('./programs.mjs').Lasting} agent
 * @param {(line: string) => void} say
 */
async function tellEnd(agent, say) {
  const sentence = sentenceOf(await agent.exited);
  say(sentence ?? `The agent of this computer ended by itself. ${byHand} It last said:\n${await agent.lastLines()}`);
}

/** @param {number | null} code */
function sentenceOf(code) {
  if (code === 0) return 'The agent of this computer is stopped.';
  if (code === exit.alreadyRunning) return 'The agent of this computer runs already.';
  if (code === exit.notConfigured) return `This computer is not registered any more. ${byHand}`;
  if (code === exit.revoked) return `This computer was removed from its organization. ${byHand}`;
  return null;
}
