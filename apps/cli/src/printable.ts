/** Somebody else's text without what a terminal would take as a command, or as letters in another order; no line of it can be taken for one of ours. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const harmless = text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\u2423')
  return harmless.replaceAll('\n', '\n    \u2502 ')
}
