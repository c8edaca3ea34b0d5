/**
 * Bash tells what it runs. As a login shell it takes no file from us but `$ENV`, and that in POSIX mode only: so it starts in that
 * mode with this file there, leaves the mode, reads the person's own files as it would have, and then adds its hooks.
 */
import { quoted, script } from './script.ts';

/** `oldEnv`: the `ENV` that the login gave. */
export function bashInit(nonce: string, oldEnv: string | undefined): string {
  const restore = oldEnv === undefined ? 'builtin unset -v ENV' : `builtin export ENV=${quoted(oldEnv)}`;
  return [LEAVE_POSIX, restore, `__webxterm_nonce=${quoted(nonce)}`, HOOKS, OWN_FILES, INSTALL].join('\n');
}

const LEAVE_POSIX = script`builtin set +o posix
builtin shopt -u inherit_errexit 2>/dev/null
if [[ @{HISTFILE-} == ~/.sh_history ]]; then HISTFILE=~/.bash_history; fi
if [[ @{MAILCHECK-} == 600 ]]; then MAILCHECK=60; fi`;

/** Nothing in it may show, fail, or change what the person's own hooks see: no option, no status, no variable. */
const HOOKS = script`
__webxterm_hook='@{__webxterm_nonce:+$({ __webxterm_run; } 2>/dev/null)}'

# Percent-encodes what is in __webxterm_text.
__webxterm_encode() {
  builtin local __webxterm_code __webxterm_hex __webxterm_char
  __webxterm_text=@{__webxterm_text//%/%25}
  __webxterm_text=@{__webxterm_text//;/%3B}
  if [[ $__webxterm_text != *[[:cntrl:]]* ]]; then builtin return; fi
  for ((__webxterm_code = 1; __webxterm_code < 32; __webxterm_code++)); do
    builtin printf -v __webxterm_hex '%02X' "$__webxterm_code"
    builtin printf -v __webxterm_char "\\x$__webxterm_hex"
    __webxterm_text=@{__webxterm_text//"$__webxterm_char"/%$__webxterm_hex}
  done
  __webxterm_text=@{__webxterm_text//[[:cntrl:]]/%EF%BF%BD}
}

# Runs in a subshell, for PS0. The line is the last of the history, unless the person's settings keep it out of there.
__webxterm_run() {
  builtin local __webxterm_text __webxterm_line __webxterm_cwd __webxterm_exact=0
  builtin set +eu
  builtin shopt -u nocasematch patsub_replacement
  if [[ -o history ]]; then
    __webxterm_line=$(HISTTIMEFORMAT='' builtin history 1)
    __webxterm_line=@{__webxterm_line#*[0-9][*\ ] }
    if [[ $HISTCMD != "$__webxterm_number" ]]; then
      if builtin shopt -q cmdhist; then __webxterm_exact=1; fi
    elif [[ :$HISTCONTROL: != *:ignorespace:* && :$HISTCONTROL: != *:ignoreboth:* && -z $HISTIGNORE ]]; then
      __webxterm_exact=1
    fi
  fi
  __webxterm_text=$PWD
  __webxterm_encode
  __webxterm_cwd=$__webxterm_text
  __webxterm_text=@{__webxterm_line:0:8193}
  __webxterm_encode
  builtin printf '\e]633;W;%s;run;%s;%s;%s\a' "$__webxterm_nonce" "$__webxterm_exact" "$__webxterm_cwd" "$__webxterm_text" >/dev/tty
}

__webxterm_prompt() {
  builtin local __webxterm_status=$?
  __webxterm_number=$HISTCMD
  if [[ @{PS0-} == *__webxterm_run* ]]; then
    if ! builtin shopt -q promptvars; then PS0=@{PS0//"$__webxterm_hook"/}; fi
  elif builtin shopt -q promptvars && __webxterm_may_set PS0; then
    PS0=@{PS0-}$__webxterm_hook
  fi
  builtin printf '\e]633;W;%s;done;%s\a' "$__webxterm_nonce" "$__webxterm_status" >/dev/tty
  builtin return "$__webxterm_status"
}

__webxterm_may_set() {
  if [[ -z @{!1+set} ]]; then builtin return 0; fi
  builtin eval "[[ \@{$1@a} != *r* ]]"
}`;

/** Those that a login shell reads, at the top level as there. */
const OWN_FILES = script`
if [[ -e /etc/profile ]]; then builtin source /etc/profile; fi
if [[ -e ~/.bash_profile ]]; then
  builtin source ~/.bash_profile
elif [[ -e ~/.bash_login ]]; then
  builtin source ~/.bash_login
elif [[ -e ~/.profile ]]; then
  builtin source ~/.profile
fi`;

/** In a list the status goes on and neither `set -e` nor a trap acts on it again. PS0 is there since 4.4. */
const INSTALL = script`
{
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) && __webxterm_may_set PROMPT_COMMAND; then
    PROMPT_COMMAND="{ __webxterm_prompt && :; } 2>/dev/null@{PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}"
  fi
} 2>/dev/null
`;
