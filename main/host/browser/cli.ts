/** `webxterm-desktop`: composition root of the browser host, which starts Electron instead where that is there. */
import path from 'node:path';
import open from 'open';
import { createDesktop } from '../../core/desktop.ts';
import { endSignal } from '../ending.ts';
import { defaultProfile, makeProfile } from '../profile.ts';
import { hasDisplay, isExecutable } from './browsers.ts';
import { chooseHost } from './choose-host.ts';
import { readCommandLine, type DesktopOptions } from './command-line.ts';
import { findElectron } from './electron-binary.ts';
import { createBrowserHost } from './host.ts';
import { runBrowserHost } from './run.ts';
import { runElectron } from './run-electron.ts';
import { electronSentence, portSentence } from './sentences.ts';

const version = process.env['WEBXTERM_VERSION'] ?? '0.0.0';
const dist = import.meta.dirname;
const { platform, env } = process;
const isRoot = platform === 'linux' && process.getuid?.() === 0;

const say = (lines: string) => {
  process.stdout.write(`${lines}\n`);
};
const complain = (sentence: string) => {
  process.stderr.write(`webxterm-desktop: ${sentence}\n`);
};
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const openDefault = async (target: string) => {
  await open(target);
};

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2), {
    version,
    defaultProfile: defaultProfile(),
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  });
  if (!line.ok) return line.exitCode;
  const ending = endSignal(process, () => process.exit(1));
  const electron = findElectron(import.meta.filename, env['ELECTRON_OVERRIDE_DIST_PATH']);
  const choice = chooseHost(line.options, { electron, isRoot, hasDisplay: hasDisplay({ platform, env }) });
  if (choice.host === null) {
    complain(electronSentence(choice.code));
    return 1;
  }
  const profile = makeProfile(line.options.profile);
  return choice.host === 'electron'
    ? showInElectron(choice.binary, profile, ending)
    : showInBrowser({ ...line.options, profile }, ending);
}

async function showInElectron(binary: string, profile: string, stop: AbortSignal): Promise<number> {
  const code = await runElectron({ binary, mainFile: path.join(dist, 'electron/main.js'), profile, env, stop });
  if (code !== 0 && !stop.aborted) complain(electronSentence('electron-failed'));
  return stop.aborted ? 0 : (code ?? 1);
}

async function showInBrowser(options: DesktopOptions, ending: AbortSignal): Promise<number> {
  const host = createBrowserHost({
    profile: options.profile,
    version,
    agentFile: path.join(dist, 'webxterm-agent.js'),
    platform,
    env,
    now: Date.now,
    openDefault,
  });
  const running = await runBrowserHost({
    profile: options.profile,
    port: options.port,
    open: options.open ? 'window' : 'launcher',
    rendererFolder: path.join(dist, 'renderer'),
    browser: { platform, env, canRun: isExecutable, isRoot, openDefault },
    now: Date.now,
    startDesktop: () => createDesktop(host, { env }),
    say,
    onError: (error) => {
      complain(messageOf(error));
    },
  });
  if (!running.ok) {
    if (running.code === 'runs-already') return 0;
    complain(portSentence(running.code, options.port));
    return 1;
  }
  await aborted(ending);
  await running[Symbol.asyncDispose]();
  return 0;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    complain(messageOf(error));
    process.exit(1);
  },
);
