import { describe, expect, it } from 'vitest';
import { terminalTitle, titleLine } from './tab-title.ts';

const terminal = { machine_name: 'web-01', title: 'vim notes.md' };

describe('a tab', () => {
  it('is called after its machine and what runs there', () => {
    expect(titleLine(terminalTitle(terminal, undefined))).toBe('web-01: vim notes.md');
    expect(titleLine(terminalTitle({ ...terminal, title: '' }, undefined))).toBe('web-01');
    expect(titleLine(terminalTitle({ ...terminal, title: 'web-01' }, undefined))).toBe('web-01');
  });
  it('keeps the name the person gave, whatever a program says', () => {
    expect(titleLine(terminalTitle(terminal, 'deploy'))).toBe('deploy');
  });
});
