// A text of the file after its reference was resolved, with where it stands and where it came from.

import type { Path } from "./path.ts";

/** What is known about a text besides its place. */
export interface TextOptions {
  /** Absent while it is not known: its variable is missing, or variables are not looked at. */
  readonly value?: string;
  /** The variable its reference names. */
  readonly variable?: string;
  /** Whether the value is the default of that reference. */
  readonly origin?: "variable" | "default";
}

/** A text of the file. */
export class Text {
  readonly path: Path;
  readonly value: string | undefined;
  /** Where this is present, messages name it and never show the value. */
  readonly variable: string | undefined;
  readonly #origin: "variable" | "default";

  constructor(path: Path, options: TextOptions) {
    this.path = path;
    this.value = options.value;
    this.variable = options.variable;
    this.#origin = options.origin ?? "variable";
  }

  /** Where the value came from, as the end of a message: ` in NAME`, ` in the default of NAME`, or nothing. */
  get source(): string {
    if (this.variable === undefined) return "";
    return this.#origin === "default"
      ? ` in the default of ${this.variable}`
      : ` in ${this.variable}`;
  }
}
