// A chart: bars in groups, as an image that is legible on a light and on a dark page.

/** One bar, or why there is none. */
export interface Bar {
  readonly name: string;
  readonly value: number | string;
}

/** The bars of one thing. */
export interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** What is drawn. */
export interface Chart {
  readonly title: string;
  readonly groups: readonly Group[];
  /** Stands behind each value. */
  readonly unit: string;
}

const WIDTH = 760;
const MARGIN = 16;
const TITLE_HEIGHT = 44;
const GROUP_TITLE_HEIGHT = 24;
const GROUP_GAP = 10;
const BAR_HEIGHT = 16;
const BAR_GAP = 4;
const NAMES_WIDTH = 110;
const VALUES_WIDTH = 110;
const WORDS_GAP = 6;
const TEXT_RISE = 12;
const BARS_AT = MARGIN + NAMES_WIDTH;
const BARS_WIDTH = WIDTH - BARS_AT - VALUES_WIDTH;

const STYLE = `
    text { font: 12px system-ui, sans-serif; fill: #24292f }
    .title { font-size: 15px; font-weight: 600 }
    .group { font-weight: 600 }
    .bar { fill: #8c959f }
    .bar.own { fill: #0969da }
    .one { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 3 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .bar { fill: #6e7681 }
      .bar.own { fill: #58a6ff }
      .one { stroke: #ff7b72 }
    }
  `;

/** An SVG. Bars begin at 0; a dashed line stands at 1; those of `own` stand out. */
export function chartSvg({ title, groups, unit }: Chart, own: string): string {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const most = Math.max(1, ...values.filter((one) => typeof one === "number"));
  const scale = BARS_WIDTH / most;
  // Words stand behind their bar, and behind the line at 1.
  const wordsAt = (length: number) =>
    BARS_AT + Math.max(length, scale) + WORDS_GAP;
  const parts: string[] = [];
  let y = TITLE_HEIGHT;
  for (const group of groups) {
    parts.push(text(MARGIN, y + TEXT_RISE, group.title, "group"));
    y += GROUP_TITLE_HEIGHT;
    const top = y;
    for (const { name, value } of group.bars) {
      parts.push(text(MARGIN, y + TEXT_RISE, name));
      const length = typeof value === "number" ? value * scale : 0;
      const words = typeof value === "number"
        ? `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`
        : value;
      if (length > 0) parts.push(rect(y, length, name === own));
      parts.push(text(wordsAt(length), y + TEXT_RISE, words));
      y += BAR_HEIGHT + BAR_GAP;
    }
    parts.push(line(BARS_AT + scale, top - BAR_GAP, y));
    y += GROUP_GAP;
  }
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ` +
    `${y}" width="${WIDTH}" height="${y}" role="img">`;
  return [
    head,
    `  <title>${escaped(title)}</title>`,
    `  <style>${STYLE}</style>`,
    `  ${text(MARGIN, MARGIN + TEXT_RISE, title, "title")}`,
    ...parts.map((part) => `  ${part}`),
    "</svg>\n",
  ].join("\n");
}

const digits = (value: number) => String(Number(value.toFixed(1)));

function text(x: number, y: number, words: string, kind?: string): string {
  const attribute = kind === undefined ? "" : ` class="${kind}"`;
  return `<text x="${digits(x)}" y="${y}"${attribute}>${escaped(words)}</text>`;
}

function rect(y: number, width: number, isOwn: boolean): string {
  const kind = isOwn ? "bar own" : "bar";
  return `<rect class="${kind}" x="${BARS_AT}" y="${y}" ` +
    `width="${digits(width)}" height="${BAR_HEIGHT}" rx="2" />`;
}

function line(x: number, from: number, to: number): string {
  const at = digits(x);
  return `<line class="one" x1="${at}" y1="${from}" x2="${at}" y2="${to}" />`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
