/** What a terminal's socket is refused with, beyond the codes of the REST contract. */
import { errors } from '../../../protocol/api/errors.ts';
import type { ToClient } from '../../../protocol/wire/control.ts';

const sentences = {
  'machine-offline': errors['machine-offline'].sentence,
  'not-found': errors['not-found'].sentence,
  'too-many-sessions': errors['too-many-sessions'].sentence,
  'storage-full': errors['storage-full'].sentence,
  unexpected: errors.unexpected.sentence,
  'session-ended': 'This session is over.',
  'bad-json': 'A text message is not valid JSON.',
  'bad-message': 'A message is of no known kind, or a field of it is not valid.',
  'too-large': 'A message is larger than 1 MiB.',
  'bad-frame': 'A binary message breaks the rules of the wire.',
  'hello-missing': 'An agent says who it is before anything else, within a few seconds.',
} as const;
export type WireRefusal = keyof typeof sentences;

/** Close codes of a terminal's socket. 4401 (the sign-in ended) is the gateway's. */
export const CLOSE = {
  done: 1000,
  /** The rights of this socket may have changed: dial again. */
  again: 1012,
  badInput: 1008,
  failed: 1011,
  /** No access any more. */
  forbidden: 4403,
  /** A newer connection has this session now. */
  taken: 4409,
} as const;

export function refusal(code: WireRefusal): Extract<ToClient, { type: 'error' }> {
  return { type: 'error', code, message: sentences[code] };
}

/** A refusal of the REST contract as one of the wire: what has no word here was not expected. */
export function wireCode(code: string): WireRefusal {
  return isWireRefusal(code) ? code : 'unexpected';
}

function isWireRefusal(code: string): code is WireRefusal {
  return Object.hasOwn(sentences, code);
}
