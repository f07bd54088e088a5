// Patterns for names: `*` stands for any number of characters, everything else for itself.

const WILDCARD = "*";

/** Whether a name fits. */
export type Matcher = (name: string) => boolean;

/**
 * What tells whether a whole name fits `pattern`, in the case of its letters. Each name is gone through once: the
 * pieces between the wildcards are looked for one after the other, each where it comes first, and none is ever
 * looked for again.
 */
export function matcherOf(pattern: string): Matcher {
  const [head = "", ...others] = pattern.split(WILDCARD);
  const tail = others.pop();
  if (tail === undefined) return (name) => name === pattern;
  const pieces = others.filter((piece) => piece !== "");
  return (name) => {
    const end = name.length - tail.length;
    if (!name.startsWith(head) || !name.endsWith(tail)) return false;
    let at = head.length;
    for (const piece of pieces) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}
