// Sizes of answers, as the tables say them.

const KB = 1024;
const MB = KB * KB;

/** The smallest answer. */
export const SMALL = 32;
/** An ordinary one. */
export const MEDIUM = 4 * KB;
/** One with a picture in it. */
export const LARGE = 256 * KB;
/** The largest. */
export const HUGE = 8 * MB;

/** With a unit. */
export function sizeName(bytes: number): string {
  if (bytes >= MB) return `${bytes / MB} MB`;
  return bytes >= KB ? `${bytes / KB} KB` : `${bytes} B`;
}
