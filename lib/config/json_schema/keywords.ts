// Keywords of JSON Schema for what a text of the file may be: itself, or a reference to a variable or a file.

import { DURATION } from "../duration.ts";
import { FILE_PREFIX, PREFIX, VARIABLE_NAME } from "../references.ts";
import { SIZE } from "../size.ts";

/** Keywords of JSON Schema. */
export type Keywords = Readonly<Record<string, unknown>>;

const REFERENCES = [
  `^\\${PREFIX}${VARIABLE_NAME.source.slice(1, -1)}(?:\\|[\\s\\S]*)?$`,
  `^\\${FILE_PREFIX}[\\s\\S]+$`,
];

/** A text that looks like one of these, or a reference. */
export function looksLike(...shapes: readonly RegExp[]): Keywords {
  return { pattern: eitherOf(shapes.map(({ source }) => source)) };
}

/** One of these texts, or a reference. */
export function fixed(texts: Iterable<string>): Keywords {
  return { anyOf: [{ enum: [...texts] }, { pattern: eitherOf([]) }] };
}

/** A pattern for one of these, or a reference. */
function eitherOf(patterns: readonly string[]): string {
  return [...patterns, ...REFERENCES].map((one) => `(?:${one})`).join("|");
}

/** Such as `30s`, or a reference. */
export function duration(): Keywords {
  return { ...looksLike(DURATION), examples: ["500ms", "30s", "5m", "1h"] };
}

/** Such as `32MiB`, or a reference. */
export function size(): Keywords {
  return { ...looksLike(SIZE), examples: ["64KiB", "32MiB", "1GiB"] };
}

/** A whole number within these bounds. */
export function count(minimum: number, maximum: number): Keywords {
  return { type: "integer", minimum, maximum };
}

/** An http or https url, or a reference. */
export function url(...examples: string[]): Keywords {
  // Schemes are the same in any case, and a pattern of JSON Schema has no flags.
  return { ...looksLike(/^[hH][tT][tT][pP][sS]?:\/\/\S+$/), examples };
}
