// How the property-based tests run: how often, and from which seed.

import process from "node:process";
import fc from "fast-check";

/** How long a test may take: the runtimes differ in what they allow by default. */
export const LIMIT = { timeout: 120_000 };

/** `FUZZ_RUNS=20` runs each property twenty times as often as by default. */
const TIMES = Number(process.env.FUZZ_RUNS ?? 1);
/** `FUZZ_SEED` repeats a run; a failure prints its seed. */
const SEED = process.env.FUZZ_SEED;

/** Fails with the seed and the smallest counter-example. */
export async function holds<T>(
  property: fc.IRawProperty<T>,
  runs: number,
  examples: T[] = [],
): Promise<void> {
  await fc.assert(property, {
    numRuns: Math.ceil(runs * TIMES),
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(examples.length === 0 ? {} : { examples }),
  });
}

/** Bytes, and where they are cut into the chunks they arrive in. */
export function chunked(
  bytes: Uint8Array,
  cuts: readonly number[],
): Uint8Array[] {
  const places = cuts.map((cut) => cut % (bytes.length + 1))
    .toSorted((a, b) => a - b);
  return [0, ...places].map((start, index) =>
    bytes.slice(start, places[index] ?? bytes.length)
  );
}

/** Places to cut at; any number will do. */
export function cuts(): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(), { maxLength: 12 });
}

/** JSON text of any value, its white space and escapes any that JSON allows. */
export function jsonText(): fc.Arbitrary<string> {
  return fc.tuple(
    fc.json({ maxDepth: 4 }),
    fc.constantFrom(0, 1, 2),
    fc.boolean(),
  ).map(([text, indent, escaped]) => {
    const spaced = JSON.stringify(JSON.parse(text), undefined, indent);
    return escaped ? escapedLetters(spaced) : spaced;
  });
}

/** The same JSON with each letter a, d and i of its strings as `\u00XX`. */
function escapedLetters(json: string): string {
  return json.replace(
    /"(?:[^"\\]|\\.)*"/g,
    (text) =>
      text.replace(
        /\\.|[adi]/g,
        (one) =>
          one.length > 1
            ? one
            : `\\u00${one.charCodeAt(0).toString(16).padStart(2, "0")}`,
      ),
  );
}
