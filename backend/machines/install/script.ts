/** The shell script that installs the agent of this backend for the person who runs it, and joins their machine. */

/** What differs from one backend to the next. */
export interface Installation {
  /** Where this backend is reached, such as `https://shell.example.org`. Only what a URL's origin may hold. */
  readonly address: string;
  /** Of the archive, in hex. */
  readonly sha256: string;
  readonly version: string;
  /** For which the archive brings the terminal library: `linux-x64`. Others fetch it with npm. */
  readonly platforms: readonly string[];
}

/** The least Node the agent runs on. */
const NODE = '20.19.0';

/** POSIX sh: dash, ash and bash alike. */
export function installScript(installation: Installation): string {
  const values: Readonly<Record<string, string>> = {
    '@ADDRESS@': installation.address,
    '@SHA256@': installation.sha256,
    '@VERSION@': installation.version,
    '@PLATFORMS@': installation.platforms.join(' '),
    '@NODE@': NODE,
  };
  return SCRIPT.replaceAll(/@[A-Z0-9]+@/g, (name) => values[name] ?? name);
}

/** Everything is in functions and the last line calls them: a download that breaks off half way runs nothing. */
const SCRIPT = `#!/bin/sh
# Installs the WebXTerm agent @VERSION@ into the home folder of the person who runs this, and joins this machine.
set -eu
umask 077

address='@ADDRESS@'
sha256='@SHA256@'
version='@VERSION@'
platforms=' @PLATFORMS@ '
node_wanted='@NODE@'

folder=$HOME/.local/share/webxterm-agent
launcher=$HOME/.local/bin/webxterm-agent
unit=$HOME/.config/systemd/user/webxterm-agent.service
log=$folder.log

usage() {
  cat <<TEXT
Installs the WebXTerm agent $version for you and joins this machine.

  curl -fsSL $address/install/agent.sh | sh -s -- [options]

  --host ADDRESS      the server (default: $address)
  --name NAME         how the machine is called (default: its host name)
  --linux-user NAME   as root: the user its terminals run as
  --allow-sudo        terminals may use sudo
  --ca FILE           a certificate authority to trust, besides the system's
  --insecure          a server without https, beyond this computer
  --token -           read the token from standard input (run the script from a file for that)
  --service HOW       systemd: as a service of yours, started with your session
                      background: now, until you stop it
                      none: only install and join; start it with 'webxterm-agent start'
                      (default: systemd where it is to be had, otherwise background)
  --help

The token is asked for. Where nobody can be asked, it is taken from the environment: WEBXTERM_TOKEN.
It is never an argument: other users of a machine can read those.
On a machine that has joined already, this renews the agent and needs no token.
TEXT
}

# As one word of a shell, whatever is in it.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\\\\\''/g")"; }
say() { printf '%s\\n' "$*"; }
fail() {
  printf 'webxterm-agent: %s\\n' "$*" >&2
  exit 1
}

read_options() {
  name='' linux_user='' allow_sudo='' insecure='' ca='' token_on_stdin='' service=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --allow-sudo) allow_sudo=yes; shift; continue ;;
      --insecure) insecure=yes; shift; continue ;;
      --host | --name | --linux-user | --ca | --token | --service) [ $# -ge 2 ] || fail "$1 needs a value. See --help." ;;
      *) fail "There is no option '$1'. See --help." ;;
    esac
    case $1 in
      --host) address=\${2%/} ;;
      --name) name=$2 ;;
      --linux-user) linux_user=$2 ;;
      --ca) ca=$2; [ -r "$ca" ] || fail "The certificate file $ca cannot be read." ;;
      --token) [ "$2" = - ] || fail 'The token is no argument: other users of this machine could read it. Leave --token out and you are asked.'
        token_on_stdin=yes ;;
      --service) service=$2 ;;
    esac
    shift 2
  done
  case $service in '' | systemd | background | none) ;; *) fail "--service is systemd, background or none, not '$service'." ;; esac
  case $address in http://?* | https://?*) ;; *) fail "--host is an address such as https://shell.example.org, not '$address'." ;; esac
}

find_node() {
  node=$(command -v node) || fail "Node.js is not installed. The agent needs Node $node_wanted or newer: https://nodejs.org/en/download"
  found=$("$node" -p 'process.versions.node' </dev/null) || fail "$node does not run."
  "$node" -e 'const at = process.argv.slice(1).map((v) => v.split(".").map(Number));
    const [a, b] = at; const i = a.findIndex((n, k) => n !== b[k]); process.exit(i < 0 || a[i] > b[i] ? 0 : 1)' "$found" "$node_wanted" </dev/null ||
    fail "Node $found is too old: the agent needs $node_wanted or newer. https://nodejs.org/en/download"
  platform=$("$node" -p 'process.platform + "-" + process.arch' </dev/null)
}

download() {
  if command -v curl >/dev/null; then
    if [ -n "$ca" ]; then set -- --cacert "$ca"; else set --; fi
    curl -fsSL "$@" -o "$work/agent.tgz" "$address/install/agent.tgz" || fail "The agent could not be downloaded from $address."
  elif command -v wget >/dev/null; then
    if [ -n "$ca" ]; then set -- --ca-certificate="$ca"; else set --; fi
    wget -q "$@" -O "$work/agent.tgz" "$address/install/agent.tgz" || fail "The agent could not be downloaded from $address."
  else
    fail 'Neither curl nor wget is installed: one of them is needed to download the agent.'
  fi
  got=$("$node" -e 'process.stdout.write(require("node:crypto").createHash("sha256").update(require("node:fs").readFileSync(process.argv[1])).digest("hex"))' "$work/agent.tgz" </dev/null)
  [ "$got" = "$sha256" ] || fail "What came from $address is not what this script belongs to (SHA-256 $got, not $sha256). Nothing was installed. Fetch the script again."
}

unpack() {
  mkdir "$work/new"
  tar -xzf "$work/agent.tgz" -C "$work/new" || fail 'The archive could not be unpacked.'
  case $platforms in *" $platform "*) ;; *)
    say "This server has no terminal library for $platform at hand: npm fetches it."
    fetch_library ;;
  esac
  loads_library || fail "The terminal library does not load on this system ($platform)."
}

fetch_library() {
  command -v npm >/dev/null || fail 'npm is needed for that, and it is not installed.'
  (cd "$work/new" && npm install --omit=dev --no-audit --no-fund --loglevel=error </dev/null) || fail 'npm could not fetch the terminal library.'
}

loads_library() { (cd "$work/new" && "$node" -e 'require("@lydell/node-pty")' </dev/null 2>/dev/null); }

put_in_place() {
  rm -rf "$folder.old"
  if [ -d "$folder" ]; then mv "$folder" "$folder.old"; fi
  mv "$work/new" "$folder"
  rm -rf "$folder.old"
  mkdir -p "\${launcher%/*}"
  cat >"$launcher.new" <<TEXT
#!/bin/sh
node=$(quoted "$node")
[ -x "\\$node" ] || node=node
exec "\\$node" $(quoted "$folder/webxterm-agent.js") "\\$@"
TEXT
  chmod 700 "$launcher.new"
  mv "$launcher.new" "$launcher"
  say "Installed in $folder; the command is $launcher."
  case ":$PATH:" in *":\${launcher%/*}:"*) ;; *) say "(\${launcher%/*} is not in your PATH.)" ;; esac
}

can_ask() { (: </dev/tty) 2>/dev/null; }

# An agent of before that is configured: its status says 0 when it is online, 6 when it is not.
has_joined() {
  [ -x "$launcher" ] || return 1
  code=0
  "$launcher" status >/dev/null 2>&1 </dev/null || code=$?
  [ "$code" = 0 ] || [ "$code" = 6 ]
}

read_token() {
  unset token # a variable of this name may be exported; the token is not to be
  token=''
  if [ -z "$token_on_stdin\${WEBXTERM_TOKEN:-}" ] && has_joined; then
    say 'This machine has joined already: only its agent is renewed.'
    return
  fi
  if [ -n "$token_on_stdin" ]; then
    IFS= read -r token || [ -n "$token" ] || fail 'There was no token on standard input.'
  elif [ -n "\${WEBXTERM_TOKEN:-}" ]; then
    token=$WEBXTERM_TOKEN
  elif can_ask; then
    printf 'Registration token (it is not shown): ' >/dev/tty
    trap 'stty echo </dev/tty' EXIT
    stty -echo </dev/tty
    IFS= read -r token </dev/tty || fail 'No token was given.'
    stty echo </dev/tty
    trap 'rm -rf "$work"' EXIT
    printf '\\n' >/dev/tty
  else
    fail 'Nobody can be asked for the token here. Give it in the environment: WEBXTERM_TOKEN.'
  fi
  unset WEBXTERM_TOKEN
  [ -n "$token" ] || fail 'The token is empty.'
}

running_pid() {
  "$launcher" status --json 2>/dev/null </dev/null | "$node" -e '
    let text = "";
    process.stdin.on("data", (part) => (text += part)).on("end", () => {
      const { status } = text === "" ? {} : JSON.parse(text);
      if (status) console.log(status.pid);
    })'
}

stop_running() {
  [ -x "$launcher" ] || return 0
  agent=$(running_pid)
  [ -n "$agent" ] || return 0
  say "Stopping the agent that runs here (process $agent); the sessions on it end."
  if has_systemd && systemctl --user --quiet is-active webxterm-agent.service </dev/null; then
    systemctl --user stop webxterm-agent.service </dev/null
  else
    kill "$agent"
  fi
  waited=0
  while kill -0 "$agent" 2>/dev/null; do
    [ "$waited" -lt 20 ] || fail "The agent that runs here does not stop (process $agent)."
    sleep 1
    waited=$((waited + 1))
  done
}

join() {
  [ -n "$token" ] || return 0
  set -- --host "$address" --token -
  if [ -n "$name" ]; then set -- "$@" --name "$name"; fi
  if [ -n "$linux_user" ]; then set -- "$@" --linux-user "$linux_user"; fi
  if [ -n "$allow_sudo" ]; then set -- "$@" --allow-sudo; fi
  if [ -n "$insecure" ]; then set -- "$@" --insecure; fi
  if [ -n "$ca" ]; then set -- "$@" --ca "$ca"; fi
  printf '%s\\n' "$token" | "$launcher" configure "$@" || exit $?
  token=''
}

has_systemd() { systemctl --user show-environment >/dev/null 2>&1 </dev/null; }

choose_service() {
  if [ -n "$service" ]; then return; fi
  if ! has_systemd; then service=background; return; fi
  service=systemd
  can_ask || return 0
  printf 'Keep the agent running as a service of yours (systemd)? [Y/n] ' >/dev/tty
  read -r answer </dev/tty || answer=''
  case $answer in [Nn]*) service=background ;; esac
}

start_agent() {
  case $service in
    systemd) start_service ;;
    background) start_in_background ;;
    none) say "Start it with: $launcher start" ;;
  esac
}

start_service() {
  has_systemd || fail 'There is no systemd of yours here. Take --service background.'
  mkdir -p "\${unit%/*}"
  cat >"$unit" <<TEXT
[Unit]
Description=WebXTerm agent

[Service]
ExecStart="$launcher" start
Restart=on-failure
RestartSec=5
# Not configured, running elsewhere, or removed by the server: starting again is no use.
RestartPreventExitStatus=2 3 4 5

[Install]
WantedBy=default.target
TEXT
  systemctl --user daemon-reload </dev/null
  systemctl --user enable --quiet webxterm-agent.service </dev/null
  systemctl --user restart webxterm-agent.service </dev/null || fail 'The service did not start: systemctl --user status webxterm-agent'
  say 'The agent runs as a service of yours. Stop it: systemctl --user disable --now webxterm-agent'
  say 'It ends with your last session, unless: loginctl enable-linger'
}

start_in_background() {
  # A session of its own outlives the terminal it was started from.
  if command -v setsid >/dev/null; then set -- setsid "$launcher"; else set -- nohup "$launcher"; fi
  "$@" start >"$log" 2>&1 </dev/null &
  agent=$!
  say "The agent runs in the background. Stop it: kill $agent. It writes to $log."
}

wait_until_online() {
  [ "$service" != none ] || return 0
  waited=0
  until "$launcher" status >/dev/null 2>&1 </dev/null; do
    if [ "$service" = background ] && ! kill -0 "$agent" 2>/dev/null; then
      cat "$log" >&2
      fail 'The agent did not stay up; what it said is above.'
    fi
    if [ "$waited" -ge 15 ]; then
      "$launcher" status </dev/null || say 'It goes on trying.'
      return
    fi
    sleep 1
    waited=$((waited + 1))
  done
  say 'It is online.'
}

main() {
  read_options "$@"
  find_node
  mkdir -p "\${folder%/*}"
  work=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  say "Installing the WebXTerm agent $version from $address."
  download
  unpack
  read_token
  stop_running
  put_in_place
  join
  choose_service
  start_agent
  wait_until_online
}

main "$@"
`;
