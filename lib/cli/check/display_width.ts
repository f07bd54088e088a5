// How much room a text takes on a terminal.

/** What takes two columns: East Asian wide and fullwidth characters (UAX #11) and emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3041-\u30ff\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\ufe0f]/u;
const HALFWIDTH = /[\uff61-\uffdc]/;
/** What takes none by itself. */
const MARKS = /^[\p{Mark}\p{Format}]+$/u;
const ASCII = /^[\x20-\x7e]*$/;

let segmenter: Intl.Segmenter | undefined;

/** The columns a text without control characters takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((sum, one) => sum + widthOf(one), 0);
}

/** The text, or its beginning with `…` after it, in at most `columns`. */
export function cutTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return "";
  let kept = "";
  let room = columns - 1;
  for (const grapheme of graphemes(text)) {
    room -= widthOf(grapheme);
    if (room < 0) break;
    kept += grapheme;
  }
  return `${kept}…`;
}

/** The text in lines of at most `columns`, broken between words, and within words that are longer. */
export function wrapTo(text: string, columns: number): string[] {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = piecesOf(word, columns);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}

function piecesOf(word: string, columns: number): string[] {
  const pieces = [""];
  for (const grapheme of graphemes(word)) {
    const longer = pieces.at(-1) + grapheme;
    if (displayWidth(longer) <= columns) pieces[pieces.length - 1] = longer;
    else pieces.push(grapheme);
  }
  return pieces;
}

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOf(grapheme: string): number {
  if (MARKS.test(grapheme)) return 0;
  return WIDE.test(grapheme) && !HALFWIDTH.test(grapheme) ? 2 : 1;
}
