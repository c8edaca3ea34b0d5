/**
 * Tells what the emulator answers by itself from what the person typed: xterm.js gives both by one event. A program's query
 * is answered while it is parsed, and nothing can be typed meanwhile, so what comes after a query's hook and before
 * the end of its write is an answer.
 */

/** The part of xterm.js's parser this needs; both builds have it. */
interface Parser {
  registerCsiHandler(id: { prefix?: string; intermediates?: string; final: string }, hook: () => boolean): Disposing;
  registerOscHandler(ident: number, hook: () => boolean): Disposing;
  registerDcsHandler(id: { prefix?: string; intermediates?: string; final: string }, hook: () => boolean): Disposing;
}
interface Disposing {
  dispose(): void;
}

export interface Answers {
  /** Whether data the emulator gives now answers a query. */
  isAnswering(): boolean;
  /** A write has been parsed to its end. */
  parsed(): void;
  dispose(): void;
}

/** Every sequence xterm.js may answer to: attributes, status, position, modes, focus reporting, settings, colours. */
const CSI_QUERIES = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 't' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { prefix: '?', final: 'h' },
] as const;
const OSC_QUERIES = [4, 10, 11, 12] as const;
const DCS_QUERIES = [{ intermediates: '$', final: 'q' }] as const;

export function watchAnswers(parser: Parser): Answers {
  let answering = false;
  // False: the emulator goes on to its own handler, which answers.
  const asked = (): boolean => {
    answering = true;
    return false;
  };
  const hooks = [
    ...CSI_QUERIES.map((id) => parser.registerCsiHandler(id, asked)),
    ...OSC_QUERIES.map((ident) => parser.registerOscHandler(ident, asked)),
    ...DCS_QUERIES.map((id) => parser.registerDcsHandler(id, asked)),
  ];
  return {
    isAnswering: () => answering,
    parsed: () => void (answering = false),
    dispose: () => hooks.forEach((hook) => hook.dispose()),
  };
}
