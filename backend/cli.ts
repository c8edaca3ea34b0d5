/** The program `webxterm-backend`: its commands, options, environment and exit codes. */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from '@photostructure/sqlite';
import { ObjectId } from 'bson';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import envPaths from 'env-paths';
import { destination } from 'pino';
import { z } from 'zod';
import { machineName } from '../protocol/api/machines.ts';
import { email, username } from '../protocol/api/values.ts';
import { runBackup } from './commands/run-backup.ts';
import { runBootstrap, type BootstrapOptions } from './commands/run-bootstrap.ts';
import { runCreateSuperAdmin, type SuperAdminOptions } from './commands/run-create-super-admin.ts';
import { runDoctor } from './commands/run-doctor.ts';
import { runRestore, type RestoreOptions } from './commands/run-restore.ts';
import { runServe } from './commands/run-serve.ts';
import { runVerifyAudit } from './commands/run-verify-audit.ts';
import { nodeComplaint } from './commands/sentences.ts';
import { readConfig, roleNames, variableHelp, type Config, type Flags } from './config.ts';
import { createLog } from './gateway/log.ts';

const version = process.env['WEBXTERM_VERSION'] ?? '0.0.0';
const FAILED = 1;
const USAGE = 2;

process.exitCode = await run(process.argv);

async function run(argv: readonly string[]): Promise<number> {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== null) {
    complain(complaint);
    return FAILED;
  }
  let code = 0;
  const program = createProgram((exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    throw error;
  }
}

function createProgram(exit: (code: number) => void): Command {
  const program = new Command('webxterm-backend')
    .description('The reference backend: sign-in, machines and their terminals, on an embedded store.')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', moreHelp());
  const data = ['--data <dir>', 'folder of the store and the signing secret'] as const;
  program
    .command('serve')
    .description('serve until stopped')
    .option('--port <number>', 'port to listen on, 0 for any that is free', portNumber, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(new Option('--role <role>', 'which of the two services to be').choices(roleNames).default('all'))
    .option(...data)
    .action(async (flags: Flags) => exit(await withConfig(flags, startServing)));
  program
    .command('create-super-admin')
    .description('make an account that manages all organizations; also while the server runs')
    .requiredOption('--email <email>', 'to sign in with', valid(email))
    .requiredOption('--username <name>', 'unique on this server', valid(username))
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .option(...data)
    .action(async (options: SuperAdminOptions & Flags) =>
      exit(
        await withConfig(options, (config) =>
          runCreateSuperAdmin(
            { ...commandParts(config), terminal: { input: process.stdin, output: process.stderr } },
            options,
          ),
        ),
      ),
    );
  program
    .command('bootstrap')
    .description(
      'in a store without organizations: make the first, with an admin whose password is printed once, as JSON',
    )
    .requiredOption('--organization <name>', 'its name', valid(z.string().trim().min(2).max(64)))
    .requiredOption('--email <email>', 'of its admin', valid(email))
    .requiredOption('--username <name>', 'of its admin', valid(username))
    .option(
      '--registration-token <machine>',
      'also make a machine of this name, and print the token its agent joins with',
      valid(machineName),
    )
    .option(...data)
    .action(async (options: BootstrapOptions & Flags) =>
      exit(await withConfig(options, (config) => runBootstrap(commandParts(config), options))),
    );
  program
    .command('verify-audit')
    .description('verify an audit that was exported as JSON, without the server')
    .argument('<file>', 'the export')
    .action(async (file: string) => exit(await runVerifyAudit({ tell, complain }, file)));
  program
    .command('backup')
    .description('write all data into one new file; also while the server runs')
    .argument('<file>', 'where nothing is yet')
    .option(...data)
    .action(async (file: string, flags: Flags) =>
      exit(await withConfig(flags, (config) => runBackup({ ...commandParts(config), program: version }, file))),
    );
  program
    .command('restore')
    .description('put back what a backup holds, on either store; not while the server runs')
    .argument('<file>', 'made by backup')
    .option('--replace', 'what is there now is lost')
    .option(...data)
    .action(async (file: string, options: RestoreOptions & Flags) =>
      exit(await withConfig(options, (config) => runRestore(commandParts(config), file, options))),
    );
  program
    .command('doctor')
    .description('examine this deployment, and say what is wrong and what helps; also while the server runs')
    .option('--json', 'as JSON')
    .option(...data)
    .action(async (options: { json?: boolean } & Flags) =>
      exit(await withConfig(options, (config) => runDoctor({ ...ambient(), config, version, tell }, options))),
    );
  return program;
}

async function withConfig(flags: Flags, work: (config: Config) => Promise<number>): Promise<number> {
  const usualFolder = envPaths('webxterm-backend', { suffix: '' }).data;
  const configured = readConfig(process.env, flags, usualFolder);
  if (configured.ok) return work(configured.config);
  for (const problem of configured.problems) complain(problem);
  return USAGE;
}

async function startServing(config: Config): Promise<number> {
  const stderr = destination({ fd: process.stderr.fd, sync: false });
  const log = createLog(config.logLevel, stderr);
  process.on('uncaughtExceptionMonitor', (error) => {
    log.fatal({ err: error }, 'a bug ended the server');
    stderr.flushSync();
  });
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => (stop.signal.aborted ? process.exit(FAILED) : stop.abort()));
  }
  // A parent that left a channel is gone with it; the channel itself keeps nothing running.
  process.once('disconnect', () => stop.abort());
  if (process.send !== undefined && !process.connected) stop.abort();
  process.channel?.unref();
  const code = await runServe({ ...ambient(), config, log, version, tell, complain, signal: stop.signal });
  stderr.flushSync();
  return code;
}

function commandParts({ dataFolder, databaseUrl }: Config) {
  return { ...ambient(), folder: dataFolder, databaseUrl, tell, complain };
}

/** The clock, chance and engine that everything else is handed. */
function ambient() {
  return {
    library: { DatabaseSync },
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    newObjectId: () => new ObjectId().toHexString(),
    newUuid: () => randomUUID(),
  };
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function valid(schema: z.ZodType<string>): (text: string) => string {
  return (text) => {
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(`${parsed.error.issues[0]?.message ?? 'It is not valid'}.`);
  };
}

function moreHelp(): string {
  const width = Math.max(...variableHelp.map(({ name }) => name.length));
  const variables = variableHelp.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`);
  return ['', 'Environment:', ...variables, '', 'Exit codes: 0 done, 1 failed, 2 wrong usage or environment.'].join(
    '\n',
  );
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(sentence: string): void {
  process.stderr.write(`webxterm-backend: ${sentence}\n`);
}
