/** What a person pastes on a machine to make it reachable. The token is not in it: it is asked for at the prompt, so no history and no process list has it. */

export interface InstallCommand {
  readonly os: 'linux' | 'macos' | 'windows';
  readonly command: string;
}

export function installCommands(address: string, name: string): InstallCommand[] {
  const host = posix(address);
  const unix = `curl -fsSL ${posix(`${address}/install/agent.sh`)} | sh -s -- --host ${host} --name ${posix(name)}`;
  const windows = [
    `npm install --global ${powershell(`${address}/install/agent.tgz`)}`,
    `if ($?) { webxterm-agent configure --host ${powershell(address)} --name ${powershell(name)} --token - }`,
    'if ($?) { webxterm-agent start }',
  ].join('; ');
  return [
    { os: 'linux', command: unix },
    { os: 'macos', command: unix },
    { os: 'windows', command: windows },
  ];
}

const posix = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** PowerShell takes typographic quotes for quotes too. */
const powershell = (text: string): string => `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
