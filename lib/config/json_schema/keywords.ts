// Keywords of JSON Schema for what a text of the file may be: itself, or a reference to a variable.

import { DURATION } from "../duration.ts";
import { PREFIX, VARIABLE_NAME } from "../references.ts";
import { SIZE } from "../size.ts";

/** Keywords of JSON Schema. */
export type Keywords = Readonly<Record<string, unknown>>;

const REFERENCE = `^\\${PREFIX}${
  VARIABLE_NAME.source.slice(1, -1)
}(?:\\|[\\s\\S]*)?$`;

/** A text that looks like this, or a reference. */
export function looksLike(shape: RegExp): Keywords {
  return { pattern: `(?:${shape.source})|(?:${REFERENCE})` };
}

/** One of these texts, or a reference. */
export function fixed(texts: Iterable<string>): Keywords {
  return { anyOf: [{ enum: [...texts] }, { pattern: REFERENCE }] };
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
