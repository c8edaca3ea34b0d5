/** Where this person's agent keeps its configuration, unless told otherwise. */
import path from 'node:path';
import envPaths from 'env-paths';

/** `--config`, else `WEBXTERM_AGENT_CONFIG`, else the usual place of the person's configuration on this system. */
export function configFolder(given: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const named = given ?? env['WEBXTERM_AGENT_CONFIG'];
  return named === undefined || named === '' ? envPaths('webxterm-agent', { suffix: '' }).config : path.resolve(named);
}
