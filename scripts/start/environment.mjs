/** The environment of what is started: the person's own, without what npm added to it for its scripts. */
import path from 'node:path';

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} shells of this computer's agent get it too
 */
export function withoutNpm(env) {
  const own = Object.entries(env).filter(([name]) => !/^(?:npm_|INIT_CWD$|NODE$)/iu.test(name));
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  const ownFolders = folders.filter((folder) => !/[\\/](?:node_modules[\\/]\.bin|node-gyp-bin)$/u.test(folder));
  return { ...Object.fromEntries(own), PATH: ownFolders.join(path.delimiter) };
}
