/** How the registration token gets here: from standard input, or typed where nobody sees it. */
/** No token is longer. */
const MOST_CHARACTERS = 512;

export type ReadToken =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly code: 'no-token' | 'cancelled'; readonly message: string };

/** What is needed of standard input. */
export interface TokenInput extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** `given` is what stands behind `--token`; `-` means standard input. */
export async function readToken(
  given: string | undefined,
  input: TokenInput,
  ask: (text: string) => void,
): Promise<ReadToken> {
  if (given !== undefined && given !== '-') return check(given);
  if (given === '-') return check(await readAll(input));
  if (!input.isTTY)
    return { ok: false, code: 'no-token', message: 'Give the token on standard input, with --token -.' };
  ask('Registration token (it is not shown): ');
  const typed = await readHidden(input);
  ask('\n');
  return typed === null ? { ok: false, code: 'cancelled', message: 'Cancelled.' } : check(typed);
}

function check(text: string): ReadToken {
  const token = text.trim();
  if (token !== '' && token.length <= MOST_CHARACTERS && !/\s/u.test(token)) return { ok: true, token };
  return { ok: false, code: 'no-token', message: 'That is no token: it is one word, as the server showed it.' };
}

async function readAll(input: TokenInput): Promise<string> {
  let text = '';
  for await (const part of input) {
    text += String(part);
    if (text.length > MOST_CHARACTERS * 2) break;
  }
  return text;
}

/** One line without echo; null when it was cancelled. */
async function readHidden(input: TokenInput): Promise<string | null> {
  let typed: Typed = { line: '', over: null };
  input.setRawMode?.(true);
  try {
    for await (const part of input) {
      typed = type(typed.line, String(part));
      if (typed.over !== null) break;
    }
  } finally {
    input.setRawMode?.(false);
  }
  return typed.over === 'cancel' ? null : typed.line;
}

export interface Typed {
  readonly line: string;
  readonly over: 'enter' | 'cancel' | null;
}

const ENTER = ['\r', '\n', '\u0004'];
const CANCEL = '\u0003';
const ERASE = ['\u007f', '\b'];

/** What a line becomes by these keys. */
export function type(line: string, keys: string): Typed {
  let now = line;
  for (const key of keys) {
    if (ENTER.includes(key)) return { line: now, over: 'enter' };
    if (key === CANCEL) return { line: now, over: 'cancel' };
    now = ERASE.includes(key) ? now.slice(0, -1) : now + key;
  }
  return { line: now, over: null };
}
