/** Numbers as a person reads them. */

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Prints a title and aligned lines of three columns. */
export function table(title: string, lines: readonly (readonly [string, string, string])[]): void {
  console.log(`\n${title}`);
  const widest = Math.max(16, ...lines.map(([name]) => name.length + 1));
  for (const [name, value, ratio] of lines) console.log(`  ${name.padEnd(widest)}${value.padStart(18)}  ${ratio}`);
}
