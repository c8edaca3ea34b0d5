import { describe, expect, it } from 'vitest';
import { settings } from '../../../protocol/bridge/settings.ts';
import { readStored, writtenOver } from './stored.ts';

const account = {
  account: 'acc',
  address: 'https://backend.example',
  user_id: '0123456789abcdef01234567',
  username: 'ada',
  email: 'ada@example.org',
  organization: 'Engines',
  role: 'user',
};

describe('what is kept in the profile', () => {
  it('is all defaults where there is nothing', () => {
    const { stored, faults } = readStored(undefined);
    expect(faults).toEqual([]);
    expect(stored.settings).toEqual(settings.parse({}));
    expect(stored.accounts).toEqual([]);
  });

  it('loses only the part that is broken', () => {
    const { stored, faults } = readStored({
      settings: { terminal: { font_size: 'huge' }, appearance: { theme: 'dark' } },
      accounts: [account, { account: 7 }],
      last_address: 'https://backend.example',
    });
    expect(faults).toEqual(['settings.terminal', 'accounts 2']);
    expect(stored.settings.appearance.theme).toBe('dark');
    expect(stored.settings.terminal.font_size).toBe(13);
    expect(stored.accounts).toEqual([{ ...account, tenant_id: '', reaches: [] }]);
    expect(stored.last_address).toBe('https://backend.example');
  });

  it('is all defaults where there is no object at all', () => {
    for (const content of [[1], 'text', null, 7]) expect(readStored(content).faults).toEqual(['file']);
  });

  it('keeps what a newer version wrote', () => {
    const content = {
      future: { a: 1 },
      settings: { future: true, terminal: { font_size: 20, ligatures: true }, shortcuts: { gone: 'Mod+G' } },
    };
    const { stored } = readStored(content);
    const written = writtenOver(content, {
      ...stored,
      settings: { ...stored.settings, shortcuts: { search: 'Mod+F' } },
    });
    expect(written).toMatchObject({
      future: { a: 1 },
      settings: { future: true, terminal: { font_size: 20, ligatures: true }, shortcuts: { search: 'Mod+F' } },
    });
    expect(written['settings']).not.toHaveProperty('shortcuts.gone');
  });

  it('reads back what it wrote', () => {
    const { stored } = readStored({ accounts: [account], active: 'acc', layout: '{"tabs":[]}', framed: ['https://a'] });
    expect(readStored(JSON.parse(JSON.stringify(writtenOver(undefined, stored))))).toEqual({ stored, faults: [] });
  });
});
