import { describe, expect, it } from 'vitest';
import { installComplaint, isInstalled, nodeComplaint } from './install.mjs';

const wanted = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
};
const there = {
  packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a/node_modules/b': { version: '2.0.0' } },
};

describe('dependencies', () => {
  it('are there when npm put them there, whoever ran it', () => {
    expect(isInstalled(wanted, there)).toBe(true);
  });

  it.each([
    ['nothing was installed', {}],
    ['one is missing', { packages: { 'node_modules/a': { version: '1.0.0' } } }],
    ['one is of another version', { packages: { ...there.packages, 'node_modules/a': { version: '1.0.1' } } }],
    [
      'an optional one is of another version',
      { packages: { ...there.packages, 'node_modules/for-another-system': { version: '0.9.0' } } },
    ],
  ])('are installed when %s', (_why, found) => {
    expect(isInstalled(wanted, found)).toBe(false);
  });
});

it.each(['18.20.4', '20.18.3', '20.0.0'])('Node %s is told to be too old, and what to do', (version) => {
  expect(nodeComplaint(version)).toContain(`Node 20.19 or newer, and this is ${version}`);
});
it.each(['20.19.0', '20.20.2', '22.12.0', '26.0.0'])('Node %s will do', (version) => {
  expect(nodeComplaint(version)).toBeNull();
});

it.each([
  ['npm error code ENOTFOUND', 'cannot reach its registry'],
  ['npm error code EACCES', 'cannot be written'],
  ['npm error code ENOSPC', 'the disk is full'],
  ['npm error something else', 'npm said:\nnpm error something else'],
])('%s is told as a sentence', (output, sentence) => {
  expect(installComplaint(output)).toContain(sentence);
});
