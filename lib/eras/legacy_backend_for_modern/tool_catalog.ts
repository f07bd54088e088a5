// What is known of a server's tools: which of their arguments headers repeat. Learnt from the lists that pass, else asked for.

import type { Envelope } from "../../channel/envelope.ts";
import { memberText } from "../../channel/member_places.ts";
import { within } from "../../channel/within.ts";
import { METHODS } from "../../protocol/methods.ts";
import { listedTools, mentionsHeaders } from "./listed_tools.ts";
import { mirroredParameters } from "./mirrored_parameters.ts";
import type { MirroredParameter } from "./mirrored_parameters.ts";
import type { AskServer } from "./resource_subscriptions.ts";

/** How long a call waits for the list, in milliseconds. What comes later is learnt all the same. */
const LIST_LIMIT_MS = 2_000;

/** How far a list is read. */
const MAX_PAGES = 100;

/** How many tools are remembered that have such arguments. */
const MAX_TOOLS = 4_096;

type Mirrored = readonly MirroredParameter[];
type Tools = Map<string, Mirrored>;

const NONE: Mirrored = [];

/** The catalog of one client side. */
export class ToolCatalog {
  /** Those with such arguments; nothing while no list was read to its end. */
  #known?: Tools;
  /** A list that is being read by the client, page by page. */
  #draft?: { readonly tools: Tools; readonly next: unknown };
  #listing?: Promise<void>;
  #age = 0;

  /** Whether it is known that no tool has such arguments. */
  get isEmpty(): boolean {
    return this.#known?.size === 0;
  }

  /** The tools have changed. */
  forget(): void {
    this.#age++;
    this.#known = undefined;
    this.#draft = undefined;
    this.#listing = undefined;
  }

  /** Learns from the answer to a `tools/list` of the client. */
  learn(cursor: unknown, answer: Envelope): void {
    if (answer.head.failed) return;
    const isNext = cursor !== undefined && this.#draft?.next === cursor;
    if (cursor !== undefined && !isNext) return;
    const tools: Tools = isNext ? this.#draft?.tools ?? new Map() : new Map();
    const next = this.#read(tools, answer);
    this.#draft = next === undefined ? undefined : { tools, next };
  }

  /** The arguments of a tool that headers repeat; none where that cannot be found out. A promise where the server is asked. */
  parametersOf(
    tool: string,
    ask: AskServer,
  ): Mirrored | Promise<Mirrored> {
    if (this.#known) return this.#known.get(tool) ?? NONE;
    // A list that cannot be had is not asked for again before something has changed.
    this.#listing ??= this.#list(ask);
    return within(this.#listing, LIST_LIMIT_MS)
      .then(() => this.#known?.get(tool) ?? NONE);
  }

  /** Rejects when the server is gone. */
  async #list(ask: AskServer): Promise<void> {
    const age = this.#age;
    const tools: Tools = new Map();
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES && age === this.#age; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await ask(METHODS.listTools, params);
      if (answer.head.failed || age !== this.#age) return;
      cursor = this.#read(tools, answer);
      if (cursor === undefined) return;
    }
  }

  /** Reads a page; returns where the list goes on. After the last one the list is known. */
  #read(tools: Tools, answer: Envelope): unknown {
    enter(tools, answer);
    const next = nextCursorIn(answer);
    if (next === undefined) this.#known = tools;
    return next;
  }
}

function enter(tools: Tools, answer: Envelope): void {
  if (!mentionsHeaders(answer)) return;
  for (const { name, inputSchema } of listedTools(answer)) {
    const parameters = mirroredParameters(inputSchema) ?? NONE;
    if (typeof name !== "string" || parameters.length === 0) continue;
    if (tools.size < MAX_TOOLS) tools.set(name, parameters);
  }
}

function nextCursorIn({ bytes }: Envelope): string | undefined {
  const text = memberText(bytes, ["result", "nextCursor"]);
  const next: unknown = text === undefined ? undefined : JSON.parse(text);
  return typeof next === "string" && next !== "" ? next : undefined;
}
