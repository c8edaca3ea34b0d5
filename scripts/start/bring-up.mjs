/** From an installed project to a terminal: build, server, this computer's agent, the desktop. Each step says in a line what it did. */
import path from 'node:path';
import { provideElectron } from './electron.mjs';
import { StartFailure } from './failure.mjs';
import { memorize, recall } from './memory.mjs';
import { choosePort } from './ports.mjs';
import { makeOrganization } from './sign-in.mjs';
import { register, shellUserName, startAgent } from './this-computer.mjs';

/**
 * @typedef {object} BringUp
 * @property {string} root the project's folder
 * @property {string} data
 * @property {import('./options.mjs').StartOptions} options
 * @property {import('./programs.mjs').Programs} programs
 * @property {(line: string) => void} say
 */

/**
 * @param {BringUp} parts
 * @returns {Promise<number>} exit code, once something that should last has ended
 */
export async function bringUp(parts) {
  const { data, options, programs, say } = parts;
  const known = await recall(data);
  await build(parts);
  if (known.running && (await isServing(known.running.address))) return openAnother(parts, known.running.address);

  const port = await choosePort({ asked: options.port, known: known.port, say });
  const address = `http://127.0.0.1:${port}`;
  const serverData = path.join(data, 'backend');
  const token = known.hasOrganization ? null : await makeOrganization(programs, serverData, say);
  await memorize(data, { hasOrganization: true, port });
  const server = await startServer(parts, port, serverData);
  await memorize(data, { running: { pid: process.pid, address } });
  try {
    await standUpAgent(parts, { address, token, isRegistered: known.isRegistered });
    if (options.open) await provideElectron({ ...parts, here: here() });
    const desktop = await startDesktop(parts, address);
    return await Promise.race([server.ended, desktop.ended]);
  } finally {
    await memorize(data, { running: null });
  }
}

/** @param {BringUp} parts */
async function build({ programs, say }) {
  const { code, stdout, stderr } = await programs.run({
    args: ['scripts/build.mjs'],
    onLine: (line) => {
      say(`Build: ${line}`);
    },
  });
  if (code !== 0) throw new StartFailure(`The build failed.\n${stderr.trim()}`);
  if (stdout === '') say('Build: up to date.');
}

/** @typedef {{ ended: Promise<number> }} Started what everything ends with, and the exit code then */

/**
 * @param {BringUp} parts
 * @param {number} port
 * @param {string} folder
 * @returns {Promise<Started>} once it listens
 */
async function startServer({ programs, say }, port, folder) {
  const server = await programs.start({
    name: 'server',
    args: ['dist/webxterm-backend.js', 'serve', '--port', String(port), '--data', folder],
  });
  const listens = await Promise.race([server.said('listening').then(() => true), server.exited.then(() => false)]);
  if (!listens) throw new StartFailure(`The server did not start. It last said:\n${await server.lastLines()}`);
  say(`Server: http://127.0.0.1:${port}, its data is in ${folder}.`);
  const ended = server.exited.then(async () => {
    say(`The server ended by itself. It last said:\n${await server.lastLines()}`);
    return 1;
  });
  return { ended };
}

/**
 * @param {BringUp} parts
 * @param {{ address: string, token: string | null, isRegistered: boolean }} standing
 */
async function standUpAgent({ programs, data, say }, { address, token, isRegistered }) {
  const folder = path.join(data, 'desktop', 'agent');
  if (token !== null) {
    const registered = await register({ programs, folder, address, token });
    if (!registered.ok) return say(registered.sentence);
    await memorize(data, { isRegistered: true });
    say(`This computer: registered; its agent opens shells of ${shellUserName()}.`);
  } else if (isRegistered) {
    say(`This computer: its agent is started, and opens shells of ${shellUserName()}.`);
  } else {
    return say('This computer is not registered. Switch it on in the app, under This workstation.');
  }
  await startAgent(programs, folder, say);
}

/**
 * @param {BringUp} parts
 * @param {string} address
 * @returns {Promise<Started>}
 */
async function startDesktop({ programs, data, options, say }, address) {
  const desktop = await programs.start({
    name: 'desktop',
    args: desktopArguments(data, options),
    env: { WEBXTERM_SERVER: address },
    onLine: say,
  });
  const ended = desktop.exited.then(async (code) => {
    say(code === 0 ? 'The desktop ended.' : `The desktop ended by itself. It last said:\n${await desktop.lastLines()}`);
    return code ?? 1;
  });
  return { ended };
}

/**
 * @param {BringUp} parts
 * @param {string} address
 */
async function openAnother({ programs, data, options, say }, address) {
  say(`It runs already; its server is at ${address}.`);
  const { code, stdout, stderr } = await programs.run({ args: desktopArguments(data, options) });
  say(`${stdout}${stderr}`.trim());
  return code ?? 1;
}

/**
 * @param {string} data
 * @param {import('./options.mjs').StartOptions} options
 */
function desktopArguments(data, { open }) {
  return ['dist/webxterm-desktop.js', '--profile', path.join(data, 'desktop'), ...(open ? [] : ['--no-open'])];
}

const here = () => ({
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  now: Date.now,
});

/** @param {string} address */
async function isServing(address) {
  try {
    return (await fetch(`${address}/health`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
