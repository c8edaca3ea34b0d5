/** The command line of `webxterm-agent`. */
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { configure } from './commands/configure.ts';
import type { Program } from './commands/program.ts';
import { start } from './commands/start.ts';
import { showStatus } from './commands/status.ts';
import { readToken } from './commands/token.ts';
import { unregister } from './commands/unregister.ts';
import { configFolder } from './config/folder.ts';
import { EXIT, EXIT_HELP, type ExitCode } from './exit-codes.ts';
import { printable } from './printable.ts';

const program: Program = {
  version: process.env['WEBXTERM_VERSION'] ?? '0.0.0',
  platform: process.platform,
  env: Object.freeze({ ...process.env }),
  say: (line) => process.stdout.write(`${printable(line)}\n`),
  complain: (line) => process.stderr.write(`webxterm-agent: ${printable(line)}\n`),
  now: Date.now,
};

const ENVIRONMENT_HELP = `Environment:
  WEBXTERM_AGENT_CONFIG  folder of the configuration, where --config is not given
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
                         the proxy to the server, and who is reached without it
  NODE_EXTRA_CA_CERTS, SSL_CERT_FILE
                         further certificate authorities; those of the system are believed in any case`;

const folderOption = z.object({ config: z.string().optional() });
const configureOptions = folderOption.extend({
  host: z.string(),
  token: z.string().optional(),
  name: z.string().optional(),
  linuxUser: z.string().optional(),
  allowSudo: z.boolean().default(false),
  ca: z.string().optional(),
  insecure: z.boolean().default(false),
});
const statusOptions = folderOption.extend({ json: z.boolean().default(false) });

async function main(args: readonly string[]): Promise<ExitCode> {
  const asked: { run: (() => Promise<ExitCode>) | null } = { run: null };
  try {
    describeCommands((run) => {
      asked.run = run;
    }).parse([...args], { from: 'user' });
    return (await asked.run?.()) ?? EXIT.usage;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    program.complain(error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
}

function describeCommands(ask: (run: () => Promise<ExitCode>) => void): Command {
  const root = new Command('webxterm-agent')
    .description('Makes this computer reachable: connects to a WebXTerm server and opens shells for whom it lets in.')
    .version(program.version)
    .addHelpText('after', `\n${ENVIRONMENT_HELP}\n\n${EXIT_HELP}`)
    .exitOverride();
  describeConfigure(root, ask);
  withFolder(root.command('start'))
    .description('run the agent in the foreground until it is stopped')
    .action((given) => ask(() => start(folderOf(folderOption.parse(given)), program)));
  withFolder(root.command('status'))
    .description('show whether the agent runs, whether it is connected, and who has a shell')
    .option('--json', 'for programs')
    .action((given) => {
      const options = statusOptions.parse(given);
      ask(() => showStatus(folderOf(options), options.json, program));
    });
  withFolder(root.command('unregister'))
    .description('stop the agent, tell the server, forget the key')
    .action((given) => ask(() => unregister(folderOf(folderOption.parse(given)), program)));
  return root;
}

function describeConfigure(root: Command, ask: (run: () => Promise<ExitCode>) => void): void {
  withFolder(root.command('configure'))
    .description('join this computer to an organization')
    .requiredOption('--host <url>', 'the server, such as https://webxterm.example.com')
    .option(
      '--token <token>',
      'a registration token or API key; - reads it from standard input; without it, it is asked for',
    )
    .option('--name <name>', 'what the machine is called (default: its host name)')
    .option('--linux-user <user>', 'whose shells are opened; needs root, unless it is you')
    .option('--allow-sudo', 'let those who were granted it use sudo')
    .option('--ca <file>', 'trust these certificate authorities too (PEM)')
    .option('--insecure', 'allow a server without https beyond this computer')
    .action((given) => {
      const options = configureOptions.parse(given);
      ask(() => configure(folderOf(options), options, () => tokenOf(options.token), program));
    });
}

function tokenOf(given: string | undefined) {
  if (given !== undefined && given !== '-') {
    program.complain('Other users of this computer can read a token in the arguments. Better: --token -');
  }
  return readToken(given, process.stdin, (text) => process.stderr.write(text));
}

function withFolder(command: Command): Command {
  return command.option('--config <folder>', 'folder of the configuration (default: your own)').exitOverride();
}

function folderOf({ config }: z.infer<typeof folderOption>): string {
  return configFolder(config, program.env);
}

// Whoever read this may be gone: what runs here goes on, and what is said is not heard.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
process.exitCode = await main(process.argv.slice(2));
