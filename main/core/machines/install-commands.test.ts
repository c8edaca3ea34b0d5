import { execFileSync } from 'node:child_process';
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installCommands } from './install-commands.ts';

const commandFor = (os: 'linux' | 'macos' | 'windows', name: string): string =>
  installCommands('https://backend.example', name).find((each) => each.os === os)?.command ?? '';

/** What a real shell makes of the part after the pipe. */
function argumentsOf(command: string): string[] {
  const [, args = ''] = command.split('| sh -s -- ');
  return execFileSync('sh', ['-c', String.raw`printf '%s\0' ${args}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

describe('the command that installs an agent', () => {
  it('is short where nothing has to be quoted', () => {
    expect(commandFor('linux', 'build-7')).toBe(
      'curl -fsSL https://backend.example/install/agent.sh | sh -s -- --host https://backend.example --name build-7',
    );
  });

  it('hands any name to the shell as one word that runs nothing', () => {
    const name = string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((each) => !each.includes('\0'));
    assert(
      property(name, (each) => {
        expect(argumentsOf(commandFor('linux', each))).toEqual(['--host', 'https://backend.example', '--name', each]);
      }),
      { numRuns: 60, examples: [['it\'s $(touch /tmp/x) `id` \\ " ; & | #'], ['-rf'], ['a\nb']] },
    );
  });

  it('leaves PowerShell no quote to end, typographic ones included', () => {
    const name = string({ unit: constantFrom("'", '\u2018', '\u2019', '\u201a', '\u201b', 'a', ';', '$') });
    assert(
      property(name, (each) => {
        const [, quoted = ''] = /--name '(.*)' --token -/s.exec(commandFor('windows', each)) ?? [];
        expect(quoted.replaceAll(/(['\u2018\u2019\u201a\u201b])\1/g, '').replaceAll(/[^'\u2018-\u201b]/g, '')).toBe('');
        expect(quoted.replaceAll(/(['\u2018\u2019\u201a\u201b])\1/g, '$1')).toBe(each);
      }),
    );
  });

  it('never holds a token: it is asked for at the prompt', () => {
    for (const { command } of installCommands('https://backend.example', 'x')) {
      expect(command).not.toMatch(/--token (?!-( |$))/);
    }
  });
});
