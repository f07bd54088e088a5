// A text of a client's file, taken apart: what stands there literally, and what the client puts in.

/** What VS Code asks its user for. */
export interface Input {
  readonly id: string;
  /** The file that it belongs to: two files may ask for different things by one id. */
  readonly file: string;
  readonly description?: string;
  /** What stands in the field at first. */
  readonly preset?: string;
}

/** Something that a client puts into a text. */
export type Reference =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "input"; readonly input: Input }
  /** What a file holds. */
  | { readonly kind: "file"; readonly path: string };

/** One that takes the place of another where that has nothing. */
export type ReferenceWithDefault = Reference & { readonly fallback?: string };

/** Literal text, or a reference. */
export type Part = string | ReferenceWithDefault;

/** A text; no two literal parts stand side by side, and none is empty. */
export type Template = readonly Part[];

/** Puts parts together to a template. */
export function templateOf(parts: readonly Part[]): Template {
  const whole: Part[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") {
      whole[whole.length - 1] = last + part;
    } else whole.push(part);
  }
  return whole;
}

/** The text where it has no references; undefined where it has. */
export function literalOf(template: Template): string | undefined {
  const [first = "", second] = template;
  return typeof first === "string" && second === undefined ? first : undefined;
}

/** The literal parts of a text. */
export function literalsIn(template: Template): string[] {
  return template.filter((part) => typeof part === "string");
}

/** The references in a text. */
export function referencesIn(template: Template): ReferenceWithDefault[] {
  return template.filter((part) => typeof part !== "string");
}
