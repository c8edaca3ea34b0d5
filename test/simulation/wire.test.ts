/**
 * Seeded worlds, played with the real pure parts of agent, broker and client: cuts, stalls, sleeps, restarts, two devices.
 *
 *   SEEDS=20000 FROM=1   how many worlds, and from which seed on
 *   SEED=17              that one, with its trace; WITHOUT=hold,probe takes rules away
 */
import { describe, expect, it } from 'vitest';
import { type Rule, rules } from './rules.ts';
import { drawScenario } from './scenario.ts';
import { simulate } from './simulate.ts';
import type { World } from './world.ts';

const AT_ONCE = 250;
/** A rule that is needed at all is missed in so many worlds. */
const MOST_FOR_A_RULE = 2000;
const { SEED, SEEDS = '2500', FROM = '1', WITHOUT = '' } = process.env;

const isRule = (name: string): name is Rule => Object.hasOwn(rules, name);
const play = (seed: number, without: readonly Rule[] = [], traced = false): World =>
  simulate(drawScenario(seed), { seed, without, traced });
const failuresOf = (seed: number, { failures }: World): string[] =>
  failures.map(({ invariant, text, at }) => `SEED=${seed} ${invariant} at ${(at / 1000).toFixed(3)} s: ${text}`);

describe.runIf(SEED !== undefined)('one world', () => {
  it(`holds: seed ${SEED}`, () => {
    const world = play(Number(SEED), WITHOUT.split(',').filter(isRule), true);
    process.stdout.write(`${world.trace.join('\n')}\n`);
    expect(failuresOf(Number(SEED), world)).toEqual([]);
  });
});

describe.runIf(SEED === undefined)('a terminal, whatever happens to links, programs and machines,', () => {
  const chunks = Math.ceil(Number(SEEDS) / AT_ONCE);
  const firsts = Array.from({ length: chunks }, (_, chunk) => Number(FROM) + chunk * AT_ONCE);

  it.each(firsts)(
    'loses no byte, doubles none, executes nothing stale and deceives nobody: seeds from %i on',
    (first) => {
      const broken: string[] = [];
      const last = Math.min(first + AT_ONCE, Number(FROM) + Number(SEEDS));
      for (let seed = first; seed < last; seed += 1) broken.push(...failuresOf(seed, play(seed)));
      expect(broken).toEqual([]);
    },
  );
});

describe.runIf(SEED === undefined)('the simulation notices when', () => {
  it.each(Object.keys(rules).filter(isRule))('%s is taken away', (rule) => {
    let seed = 1;
    while (seed <= MOST_FOR_A_RULE && play(seed, [rule]).failures.length === 0) seed += 1;
    expect(seed, `no world of ${MOST_FOR_A_RULE} breaks without the rule that ${rules[rule]}`).toBeLessThanOrEqual(
      MOST_FOR_A_RULE,
    );
  });
});
