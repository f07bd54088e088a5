// The variables that the new configuration names: those of the clients, and new ones for texts that are put together of several parts.

import { ORDINARY_VARIABLES } from "../../config/child_environment.ts";
import { literalText } from "../../config/references.ts";
import { literalsIn, referencesIn } from "./template.ts";
import type {
  Input,
  Part,
  ReferenceWithDefault,
  Template,
} from "./template.ts";

/** A variable that has to be set. */
export interface NeededVariable {
  readonly name: string;
  /** What it holds, where it is a new one for a text of several parts. */
  readonly text?: Template;
  /** What a client asked for in its place. */
  readonly description?: string;
  /** Whether the configuration has something to take where it is not set. */
  readonly hasDefault: boolean;
}

/** Where a text stands: the server's name, and the keys that lead to it. */
export type TextPlace = readonly (string | number)[];

/** Gives each text its form in our configuration, and remembers the variables. */
export class Variables {
  readonly #needed = new Map<string, NeededVariable>();
  /** The names that are something else already. */
  readonly #taken: Set<string>;
  readonly #inputs = new Map<string, string>();

  /** @param texts all texts to come: no new variable has a name that one of them refers to */
  constructor(texts: Iterable<Template>) {
    const named = [...texts].flatMap(referencesIn).flatMap((reference) =>
      reference.kind === "variable" ? [reference.name] : []
    );
    this.#taken = new Set([...named, ...ORDINARY_VARIABLES]);
  }

  /** Those that were named so far. */
  get needed(): NeededVariable[] {
    return [...this.#needed.values()];
  }

  /** The text as our configuration has it: literal, or one reference as a whole (decision 0002). */
  written(template: Template, place: TextPlace): string {
    const [only = "", ...others] = template;
    if (others.length > 0) return this.#composed(template, place);
    if (typeof only === "string") return literalText(only);
    if (only.kind === "file") return `$file:${literalText(only.path)}`;
    const { fallback } = only;
    const name = only.kind === "variable"
      ? only.name
      : this.#inputName(only.input);
    this.#need({
      name,
      hasDefault: fallback !== undefined,
      ...(only.kind === "input" && { description: only.input.description }),
    });
    return `$env:${name}${defaultOf(fallback)}`;
  }

  /** Only a whole text can be a reference: one of several parts is a variable of its own. */
  #composed(text: Template, place: TextPlace): string {
    const name = this.#free(variableName(place));
    const fallbacks = text.map(fallbackOf);
    const fallback = fallbacks.includes(undefined)
      ? undefined
      : fallbacks.join("");
    this.#need({ name, text, hasDefault: fallback !== undefined });
    return `$env:${name}${defaultOf(fallback)}`;
  }

  #need(variable: NeededVariable): void {
    const { name, hasDefault } = variable;
    const known = this.#needed.get(name);
    // Where one text has no default it has to be set.
    const needed = { ...variable, ...known };
    this.#needed.set(name, {
      ...needed,
      hasDefault: hasDefault && (known?.hasDefault ?? true),
    });
  }

  #inputName({ id, file }: Input): string {
    const key = JSON.stringify([file, id]);
    const name = this.#inputs.get(key) ?? this.#free(variableName([id]));
    this.#inputs.set(key, name);
    return name;
  }

  #free(name: string): string {
    let free = name;
    for (let number = 2; this.#taken.has(free); number++) {
      free = `${name}_${number}`;
    }
    this.#taken.add(free);
    return free;
  }
}

/** Whether nothing but a word such as `Bearer` stands around the references of a text. */
export function isPlain(text: Template): boolean {
  return literalsIn(text).every((literal) => /^(?:[A-Za-z]+ )?$/.test(literal));
}

function fallbackOf(part: Part): string | undefined {
  return typeof part === "string" ? part : part.fallback;
}

function defaultOf(fallback: ReferenceWithDefault["fallback"]): string {
  return fallback === undefined ? "" : `|${literalText(fallback)}`;
}

/** `["github", "headers", "Authorization"]` becomes `GITHUB_AUTHORIZATION`. */
function variableName(place: TextPlace): string {
  const [first, ...rest] = place.filter((step) =>
    step !== "env" && step !== "headers"
  );
  const name = [first, ...rest].join("_").toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : `MCP_${name}`;
}
