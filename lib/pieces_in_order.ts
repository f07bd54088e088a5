// Whether a text is made of some pieces with anything in between.

/**
 * What tells whether a whole text begins with the first of the pieces, ends with the last, and has the others
 * between them, in their order; a single piece is the whole text. Each text is gone through once: a piece is
 * looked for where it comes first, and never again.
 */
export function piecesInOrder(
  pieces: readonly string[],
): (text: string) => boolean {
  const [head = "", ...others] = pieces;
  const tail = others.pop();
  if (tail === undefined) return (text) => text === head;
  const between = others.filter((piece) => piece !== "");
  return (text) => {
    const end = text.length - tail.length;
    if (!text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const piece of between) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}
