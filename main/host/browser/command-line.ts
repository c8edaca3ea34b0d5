/** What `webxterm-desktop` can be told: options, their environment variables, help and exit codes. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

const hosts = ['electron', 'browser'] as const;

const options = z.object({
  host: z.enum(hosts).optional(),
  port: z.int(),
  open: z.boolean(),
  profile: z.string().min(1),
});
export type DesktopOptions = z.infer<typeof options>;

export type CommandLine =
  | { readonly ok: true; readonly options: DesktopOptions }
  /** Help or version was printed, or what is wrong with the command line. */
  | { readonly ok: false; readonly exitCode: 0 | 2 };

export interface CommandLineParts {
  readonly version: string;
  readonly defaultProfile: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const more = `
Environment:
  WEBXTERM_DESKTOP_HOST     like --host
  WEBXTERM_DESKTOP_PORT     like --port
  WEBXTERM_DESKTOP_PROFILE  like --profile
  WEBXTERM_SERVER           address offered at the first sign-in
  CHROMIUM_PATH             the browser to show the window with, before all others
  HTTPS_PROXY, HTTP_PROXY, NO_PROXY
                            the system's proxy, unless Settings, Network say otherwise

A second start with the same profile opens another window of the desktop that runs.
The desktop goes on when its last window is closed; Ctrl-C ends it.

Exit codes: 0 ended as asked, 1 could not start or failed, 2 wrong use.`;

/** @param args without the program's own path */
export function readCommandLine(args: readonly string[], parts: CommandLineParts): CommandLine {
  const program = describe(parts);
  try {
    program.parse(args, { from: 'user' });
    return { ok: true, options: options.parse(program.opts()) };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { ok: false, exitCode: error.exitCode === 0 ? 0 : 2 };
  }
}

function describe({ version, defaultProfile, write, writeError }: CommandLineParts): Command {
  return new Command('webxterm-desktop')
    .description('Terminals on machines you cannot reach directly: the desktop app.')
    .version(version)
    .addOption(
      new Option('--host <host>', 'what shows the window; electron where it is installed, else a browser')
        .choices([...hosts])
        .env('WEBXTERM_DESKTOP_HOST'),
    )
    .addOption(
      new Option('--port <port>', 'port of the browser host on 127.0.0.1; 0 for a free one')
        .default(0)
        .argParser(portNumber)
        .env('WEBXTERM_DESKTOP_PORT'),
    )
    .option('--no-open', 'open no window, print how to get one (browser host)')
    .addOption(
      new Option('--profile <folder>', 'where accounts and settings are kept')
        .default(defaultProfile)
        .env('WEBXTERM_DESKTOP_PROFILE'),
    )
    .allowExcessArguments(false)
    .addHelpText('after', more)
    .configureOutput({ writeOut: write, writeErr: writeError })
    .exitOverride();
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(port) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}
