// A text of the file after its reference was resolved, with where it stands and where it came from.

import type { Path } from "./path.ts";

/** What is known about a text besides its place. */
export interface TextOptions {
  /** Absent while it is not known: its variable or file is missing, or neither is looked at. */
  readonly value?: string;
  /** The variable its reference names. */
  readonly variable?: string;
  /** The file its reference names, as it is written there. */
  readonly file?: string;
  /** Whether the value is the default of that reference. */
  readonly origin?: "variable" | "default";
}

/** A text of the file. */
export class Text {
  readonly path: Path;
  readonly value: string | undefined;
  /** Where this is present, messages name it and never show the value. */
  readonly variable: string | undefined;
  /** Where this is present, messages never show the value. */
  readonly file: string | undefined;
  readonly #origin: "variable" | "default";

  constructor(path: Path, options: TextOptions) {
    this.path = path;
    this.value = options.value;
    this.variable = options.variable;
    this.file = options.file;
    this.#origin = options.origin ?? "variable";
  }

  /** Whether the value stands elsewhere than in the file. */
  get isReference(): boolean {
    return this.variable !== undefined || this.file !== undefined;
  }

  /** Where the value came from, as the end of a message: ` in NAME`, ` in the default of NAME`, ` in its file`, or nothing. */
  get source(): string {
    // A path that is none may be a secret: it is not shown.
    if (this.file !== undefined) return " in its file";
    if (this.variable === undefined) return "";
    return this.#origin === "default"
      ? ` in the default of ${this.variable}`
      : ` in ${this.variable}`;
  }
}
