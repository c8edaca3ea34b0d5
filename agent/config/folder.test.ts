/** Where the configuration lies. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolder } from './folder.ts';

describe('the folder', () => {
  it('is the one given, then the environment’s, then the person’s own', () => {
    expect(configFolder('/a', { WEBXTERM_AGENT_CONFIG: '/b' })).toBe('/a');
    expect(configFolder(undefined, { WEBXTERM_AGENT_CONFIG: '/b' })).toBe('/b');
    expect(configFolder(undefined, {})).toMatch(/webxterm-agent$/u);
  });

  it('is the same wherever the agent is started', () => {
    expect(configFolder('relative', {})).toBe(path.resolve('relative'));
  });
});
