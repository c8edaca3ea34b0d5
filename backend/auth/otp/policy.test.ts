import { describe, expect, it } from 'vitest';
import { source } from '../../../protocol/api/values.ts';
import { wantsCode } from './policy.ts';

const asked = (policy: Parameters<typeof wantsCode>[0]) => source.options.filter((one) => wantsCode(policy, one));

describe('a code by mail', () => {
  it('is asked for by policy: of everybody, of people at a window, of nobody', () => {
    expect(asked('all')).toEqual(['ui', 'cli', 'vscode', 'desktop']);
    expect(asked('ui')).toEqual(['ui', 'desktop']);
    expect(asked('off')).toEqual([]);
  });
});
