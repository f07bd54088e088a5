// The result by which a server of the modern era asks for input, and what it asks.

import { randomUUID } from "node:crypto";
import { memberOf } from "../../channel/object_members.ts";
import { missingCapability } from "../legacy_backend_for_modern/needed_capability.ts";
import type { LegacyClient } from "./client.ts";
import type { Question } from "./questions.ts";
import { strangeResult, undeclared } from "./refusals.ts";

/** How much may be asked at once. */
const MAX_QUESTIONS = 64;

const decoder = new TextDecoder();

type Members = Readonly<Record<string, unknown>>;

/** What a server wants before it goes on (2026-07-28 `basic/patterns/mrtr` § InputRequiredResult). */
export interface WantedInput {
  /** By the keys of the server. */
  readonly questions: ReadonlyMap<string, Question>;
  /** JSON text; nothing where the server gave none. */
  readonly state?: Uint8Array;
}

/** Reads the result of server `name`. Throws `backend_protocol` where this client cannot be asked so. */
export function wantedInput(
  name: string,
  result: Uint8Array,
  client: LegacyClient,
): WantedInput {
  const state = memberOf(result, "requestState");
  const requests = memberOf(result, "inputRequests");
  const asked = requests ? JSON.parse(decoder.decode(requests)) : {};
  const entries = Object.entries((asked ?? {}) as Members);
  if (entries.length === 0 && !state) {
    throw strangeResult(name, "a wish for input that asks nothing");
  }
  if (entries.length > MAX_QUESTIONS) {
    throw strangeResult(name, `more than ${MAX_QUESTIONS} questions at once`);
  }
  const questions = new Map(
    entries.map(([key, one]) => [key, questionIn(name, one, client)]),
  );
  return { questions, ...(state && { state }) };
}

function questionIn(
  name: string,
  asked: unknown,
  client: LegacyClient,
): Question {
  const { method, params } = objectOf(asked);
  if (typeof method !== "string") {
    throw strangeResult(name, "a question without a method");
  }
  const said = objectOf(params);
  if (
    missingCapability(method, said, client.capabilities) || !KNOWN.has(method)
  ) {
    throw undeclared(name, method);
  }
  if (said.mode !== "url") return { method, params: said };
  // This era knows each visit by an id of its own (2025-11-25 `client/elicitation` § URL Mode).
  const visit = randomUUID();
  return { method, visit, params: { ...said, elicitationId: visit } };
}

/** What may be asked (2026-07-28 `basic/patterns/mrtr` § Server Requirements). */
const KNOWN: ReadonlySet<string> = new Set([
  "elicitation/create",
  "sampling/createMessage",
  "roots/list",
]);

function objectOf(value: unknown): Members {
  const isObject = typeof value === "object" && value !== null &&
    !Array.isArray(value);
  return isObject ? value as Members : {};
}
