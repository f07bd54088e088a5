// What a server says of itself in its answer to `initialize`.

import type { Envelope } from "../../channel/envelope.ts";
import { refused } from "./refusals.ts";

/** The part of the answer that the root endpoint needs (2025-11-25 `schema` § InitializeResult). */
export interface Introduction {
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions?: string;
}

/** Reads the answer of server `name`; throws why it refused. */
export function introductionIn(answer: Envelope, name: string): Introduction {
  if (answer.tells) throw answer.tells;
  if (answer.head.failed) throw refused(name, "initialize", answer);
  const { result } = answer.message();
  const { capabilities, instructions } = (result ?? {}) as Partial<
    Record<keyof Introduction, unknown>
  >;
  return {
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === "string" ? { instructions } : {}),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
