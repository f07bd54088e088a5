// What a client must have declared to be asked something.

import { objectIn } from "./bridged_request.ts";

/** Client capabilities (2026-07-28 `schema` § ClientCapabilities). */
export type Capabilities = Readonly<Record<string, unknown>>;

/** The methods by which a legacy server asks its client, by what they are called in keys of this era. */
export const QUESTIONS: ReadonlyMap<
  string,
  "elicitation" | "sampling" | "roots"
> = new Map([
  ["elicitation/create", "elicitation"],
  ["sampling/createMessage", "sampling"],
  ["roots/list", "roots"],
]);

/** Whether a client that has declared this can be asked anything. */
export function canBeAsked(declared: Capabilities): boolean {
  return [...QUESTIONS.values()].some((kind) => kind in declared);
}

/** What the client would have to declare in addition to be asked this; nothing where it may be. */
export function missingCapability(
  method: string,
  params: Capabilities,
  declared: Capabilities,
): Capabilities | undefined {
  switch (method) {
    case "elicitation/create":
      return missingMode(params.mode === "url" ? "url" : "form", declared);
    case "sampling/createMessage":
      return missingSampling(params, declared);
    case "roots/list":
      return "roots" in declared ? undefined : { roots: {} };
  }
  return undefined;
}

/** An empty object means forms (2026-07-28 `client/elicitation` § Capabilities). */
function missingMode(
  mode: "form" | "url",
  declared: Capabilities,
): Capabilities | undefined {
  const modes = objectIn(declared.elicitation);
  const takesForms = "form" in modes || !("url" in modes);
  const takes = mode === "url" ? "url" in modes : takesForms;
  if ("elicitation" in declared && takes) return undefined;
  return { elicitation: { [mode]: {} } };
}

function missingSampling(
  params: Capabilities,
  declared: Capabilities,
): Capabilities | undefined {
  const wantsTools = "tools" in params || "toolChoice" in params;
  const takesTools = "tools" in objectIn(declared.sampling);
  if ("sampling" in declared && (takesTools || !wantsTools)) return undefined;
  return { sampling: wantsTools ? { tools: {} } : {} };
}
