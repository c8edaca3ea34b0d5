/** Finding machines as one types. Pure. */
import type { Machine } from '../../protocol/api/machines.ts';

/** What is searched of a machine, made once for each version of it. */
const texts = new WeakMap<Machine, string>();

function textOf(machine: Machine): string {
  const known = texts.get(machine);
  if (known !== undefined) return known;
  const parts = [machine.name, machine.hostname, machine.ip_address, machine.os, machine.status, machine.description];
  const tags = machine.tags?.map((tag) => `tag:${tag}`) ?? [];
  const text = [...parts, ...tags].filter(Boolean).join('\n').toLowerCase();
  texts.set(machine, text);
  return text;
}

const wordsOf = (query: string) => query.toLowerCase().split(/\s+/).filter(Boolean);

/** The machines that have every word of the query somewhere; `tag:web` looks at tags only. The order stays. */
export function found(machines: readonly Machine[], query: string): readonly Machine[] {
  const words = wordsOf(query);
  if (words.length === 0) return machines;
  return machines.filter((machine) => {
    const text = textOf(machine);
    return words.every((word) => text.includes(word));
  });
}
