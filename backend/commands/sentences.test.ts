import { describe, expect, it } from 'vitest';
import { nodeComplaint } from './sentences.ts';

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('%s will do', (version) => {
    expect(nodeComplaint(version)).toBeNull();
  });

  it.each(['18.20.4', '20.18.9', '8.0.0'])('%s is too old, and what to do is said', (version) => {
    expect(nodeComplaint(version)).toContain(`needs Node 20.19 or newer, and this is ${version}`);
  });
});
