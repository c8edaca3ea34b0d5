/** Fish tells what it runs. It takes this file by an argument, and reads it after the person's own. */
import { quoted, script } from './script.ts';

export function fishInit(nonce: string): string {
  return `set -g __webxterm_nonce ${quoted(nonce)}\n${HOOKS}`;
}

const HOOKS = script`
function __webxterm_run --on-event fish_preexec
    set -l line (string sub --length 8193 -- "$argv[1]" | string collect)
    printf '\e]633;W;%s;run;1;%s;%s\a' $__webxterm_nonce \
        (string escape --style=url -- "$PWD" | string collect) \
        (string escape --style=url -- "$line" | string collect) >/dev/tty 2>/dev/null
end

function __webxterm_done --on-event fish_postexec
    printf '\e]633;W;%s;done;%s\a' $__webxterm_nonce $status >/dev/tty 2>/dev/null
end

printf '\e]633;W;%s;done;0\a' $__webxterm_nonce >/dev/tty 2>/dev/null
`;
