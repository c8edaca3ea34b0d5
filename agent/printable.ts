/** Text of a server, or of a name it gave, on its way to somebody's terminal: it is shown, and controls nothing there. */
export const printable = (text: string): string =>
  text.replaceAll(/(?![\n\t\u{200C}\u{200D}])[\p{Cc}\p{Cf}]/gu, '\u{FFFD}');
