// A text as one word of a shell command line.

const PLAIN = /^[\w./:@%+=,-]+$/;

/** Quotes what a POSIX shell would not take literally. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
