/** Searching in text, the same in both engines: no wildcards, and whatever the engine takes for upper and lower case is one. */
import { expressionBuilder, type Expression, type SqlBool } from 'kysely';

const eb = expressionBuilder();

/** Whether the text holds what is looked for. Not true of a null. `like` would want its wildcards escaped, each engine its own way. */
export function contains(text: Expression<string | null>, wanted: string): Expression<SqlBool> {
  const folded = eb.fn<string>('lower', [text]);
  const without = eb.fn<string>('replace', [folded, eb.fn('lower', [eb.val(wanted)]), eb.val('')]);
  return eb(without, '!=', folded);
}

/** Whether a JSON array of texts, as `JSON.stringify` writes it, holds this one. (A lone comma would be found between two.) */
export function listContains(json: Expression<string>, item: string): Expression<SqlBool> {
  return eb(eb.fn<string>('replace', [json, eb.val(JSON.stringify(item)), eb.val('')]), '!=', json);
}
