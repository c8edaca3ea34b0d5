/** The words an audit entry is found by. Whole words are looked up in an index, so a search costs what it finds, not what there is. */
import { z } from 'zod';
import type { Tables } from './tables.ts';

type Worded = Pick<Tables['audit_entries'], 'action' | 'resource' | 'username' | 'ip_address' | 'detail'>;

/** Bounds what one entry adds to the index. */
const MOST_WORDS = 40;
const LONGEST_WORD = 64;

const detailTexts = z.record(z.string(), z.unknown());
/** Taken whole: nobody looks for a part of an id or of an address. */
const ID = /^(?:[\da-f-]{36}|[\d.]+|[\da-f:.]*:[\da-f:.]*)$/;

/** What it is about and who did it: each word, and the parts of those that have some, such as `web-1` or `login_failed`. */
export function wordsOf({ action, resource, username, ip_address, detail }: Worded): readonly string[] {
  const texts = [action, resource, username, ip_address, ...said(detail)].filter((text) => typeof text === 'string');
  const words = texts.flatMap(tokensOf).flatMap((token) => [token, ...partsOf(token)]);
  return [...new Set(words)].slice(0, MOST_WORDS);
}

function said(detail: string): readonly unknown[] {
  try {
    return Object.values(detailTexts.parse(JSON.parse(detail))).flat();
  } catch {
    return []; // somebody has been at the store: the entry can be found by the rest of it
  }
}

/** A text without its white space and marks around words, as they are looked for. */
export function tokensOf(text: string): readonly string[] {
  const tokens = text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[\s"'`,;(){}[\]]+/);
  return tokens.filter((token) => token !== '').map((token) => token.slice(0, LONGEST_WORD));
}

/** Letters and digits between everything else. None where the token is its only part. */
export function partsOf(token: string): readonly string[] {
  if (ID.test(token)) return [];
  const parts = token.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
  return parts.length === 1 && parts[0] === token ? [] : parts;
}
