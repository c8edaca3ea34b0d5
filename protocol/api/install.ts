/** What a person's `curl … | sh` fetches to install an agent: no sign-in is asked for, and nothing in it is a secret. */
import { rows } from './row.ts';

export const install = rows({
  script: {
    kind: 'stream',
    method: 'GET',
    path: '/install/agent.sh',
    access: 'public',
    rate: 'read',
    mediaType: 'text/x-shellscript',
  },
  package: {
    kind: 'stream',
    method: 'GET',
    path: '/install/agent.tgz',
    access: 'public',
    rate: 'read',
    mediaType: 'application/gzip',
  },
});
