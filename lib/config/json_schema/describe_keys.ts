// What is said about the keys of one kind of object in the file.

import type { z } from "../../../deps.ts";
import type { Keywords } from "./keywords.ts";

/** What is said about a key: its meaning, and what narrows its values. */
export interface About extends Keywords {
  readonly description: string;
}

/** The same for each key of an object. */
export type AboutKeys<Shape> = { readonly [Key in keyof Shape]: About };

/** Everything that is said, by the schema it is said about. */
export type Notes = z.core.$ZodRegistry<Record<string, unknown>>;

/** Takes down what is said about every key of an object; none can be left out. */
export function describeKeys<Shape extends z.core.$ZodShape>(
  notes: Notes,
  shape: Shape,
  about: AboutKeys<Shape>,
): void {
  for (const [key, schema] of Object.entries(shape)) {
    notes.add(schema, { ...about[key as keyof Shape] });
  }
}
