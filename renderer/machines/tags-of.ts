/** Tags as somebody types them. Pure. */

/** Separated by commas; each once, none empty. */
export const tagsOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];
