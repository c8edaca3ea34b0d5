/** Zsh tells what it runs. It reads this as its first file, from a folder that it then leaves for the person's own. */
import { quoted, script } from './script.ts';

/** `oldFolder`: the `ZDOTDIR` that the login gave. */
export function zshInit(nonce: string, oldFolder: string | undefined): string {
  const restore = oldFolder === undefined ? 'builtin unset ZDOTDIR' : `builtin export ZDOTDIR=${quoted(oldFolder)}`;
  return [restore, `builtin typeset -g __webxterm_nonce=${quoted(nonce)}`, HOOKS, OWN_FILE].join('\n');
}

/** Where their output to the terminal goes, no redirection of the person's reaches; errors and \`set -x\` show nothing. */
const HOOKS = script`
# Percent-encodes $1 into REPLY, byte by byte.
__webxterm_encode() {
  builtin emulate -L zsh
  builtin setopt extendedglob no_multibyte
  builtin local MATCH MBEGIN MEND
  REPLY=@{1//(#m)[^A-Za-z0-9 \/._~-]/%@{(l:2::0:)$(([##16]#MATCH))}}
}

__webxterm_run() {
  {
    builtin emulate -L zsh
    builtin local REPLY line=@{1:-$3} cwd
    __webxterm_encode "$PWD"
    cwd=$REPLY
    __webxterm_encode "@{line[1,8193]}"
    builtin printf '\e]633;W;%s;run;1;%s;%s\a' "$__webxterm_nonce" "$cwd" "$REPLY" >/dev/tty
  } 2>/dev/null
}

__webxterm_prompt() {
  builtin local __webxterm_status=$?
  { builtin printf '\e]633;W;%s;done;%s\a' "$__webxterm_nonce" "$__webxterm_status" >/dev/tty } 2>/dev/null
}

if [[ -o interactive ]]; then
  builtin typeset -ga precmd_functions preexec_functions
  precmd_functions=(__webxterm_prompt $precmd_functions)
  preexec_functions=(__webxterm_run $preexec_functions)
fi`;

const OWN_FILE = script`
if [[ -e @{ZDOTDIR-$HOME}/.zshenv ]]; then builtin source "@{ZDOTDIR-$HOME}/.zshenv"; fi
`;
