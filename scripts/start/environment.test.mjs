import { expect, it } from 'vitest';
import { withoutNpm } from './environment.mjs';

it('shells get the person’s environment, without what npm adds for its scripts', () => {
  const env = {
    HOME: '/home/ada',
    LANG: 'de_DE.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    PATH: '/work/node_modules/.bin:/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin:/home/ada/bin',
    INIT_CWD: '/work',
    NODE: '/usr/bin/node',
    npm_config_registry: 'x',
    npm_lifecycle_event: 'start',
  };
  expect(withoutNpm(env)).toEqual({
    HOME: '/home/ada',
    LANG: 'de_DE.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    PATH: '/usr/bin:/home/ada/bin',
  });
});
