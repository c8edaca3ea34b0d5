/** Texts of shell scripts. `@{` stands for `${`, which a template would take for its own; backslashes are the shell's. */
export function script({ raw }: TemplateStringsArray, ...values: readonly string[]): string {
  return raw.map((part, index) => part.replaceAll('@{', '${') + (values[index] ?? '')).join('');
}

/** As one word, for every POSIX shell; fish takes it too, but for two backslashes in a row. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
