/** Programs that tests and benchmarks drive and npm does not bring: found, or installed by apt when root on Debian. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Need
 * @property {string} what for the person
 * @property {() => boolean} found
 * @property {string} debianPackage
 */

/**
 * @param {string} name
 * @param {string} debianPackage
 * @returns {Need}
 */
const program = (name, debianPackage) => ({ what: name, found: () => onPath(name) !== null, debianPackage });

/** @type {readonly Need[]} */
export const testNeeds = [
  { what: 'a Chromium-family browser', found: () => findBrowser() !== null, debianPackage: 'chromium' },
  ...(process.platform === 'linux'
    ? [
        program('dbus-run-session', 'dbus'),
        program('gnome-keyring-daemon', 'gnome-keyring'),
        program('secret-tool', 'libsecret-tools'),
        program('nginx', 'nginx-light'),
        {
          what: 'a font with colour emoji',
          found: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf') || !isDebian(),
          debianPackage: 'fonts-noto-color-emoji',
        },
      ]
    : []),
  {
    what: 'a PostgreSQL server',
    found: () => existsSync('/usr/lib/postgresql') || onPath('postgres') !== null,
    debianPackage: 'postgresql',
  },
  program('vim', 'vim'),
  program('zsh', 'zsh'),
  program('fish', 'fish'),
  program('htop', 'htop'),
  program('openssl', 'openssl'),
  program('curl', 'curl'),
  program('jq', 'jq'),
];

/** @type {readonly Need[]} */
export const benchNeeds = [
  {
    what: 'sshd',
    found: () => existsSync('/usr/sbin/sshd') || onPath('sshd') !== null,
    debianPackage: 'openssh-server',
  },
  program('ssh', 'openssh-client'),
];

/**
 * Makes the needs be there.
 * @param {readonly Need[]} needs
 * @returns {string} what was done; throws a sentence for the person when something stays missing
 */
export function provide(needs) {
  const missing = needs.filter((need) => !need.found());
  if (missing.length === 0) return 'all there';
  const packages = missing.map((need) => need.debianPackage);
  if (isDebian() && process.getuid?.() === 0) aptInstall(packages);
  const still = missing.filter((need) => !need.found());
  if (still.length > 0)
    throw new Error(
      `Missing: ${still.map((need) => need.what).join(', ')}. Install what brings them` +
        ` (on Debian as root: apt-get install ${still.map((need) => need.debianPackage).join(' ')}), then try again.`,
    );
  return `installed ${packages.join(', ')}`;
}

/** @param {readonly string[]} packages */
function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  startingNone(() => {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]])
      spawnSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  });
}

/**
 * Debian starts a service when its package is installed, unless this says no. Tests start servers of their own, where nobody else's are in the way.
 * @param {() => void} install
 */
function startingNone(install) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install(); // the computer's own
  // left behind by a process that was killed, it says no no more
  writeFileSync(policy, `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`, { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy);
  }
}

const isDebian = () => existsSync('/etc/debian_version');

/**
 * A browser of the Chromium family on this computer, or null. `CHROMIUM_PATH` wins.
 * @returns {string | null}
 */
export function findBrowser() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'brave-browser',
  ];
  const places = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  return names.map(onPath).find((found) => found !== null) ?? places.find(existsSync) ?? null;
}

/**
 * @param {string} name of a program
 * @returns {string | null} where it is
 */
function onPath(name) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin'];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable) ?? null;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
