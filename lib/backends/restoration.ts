// Brings a server started anew to where the session is: the client's handshake, its log level and its subscriptions.

import type { Envelope } from "../channel/envelope.ts";
import { within } from "../channel/within.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { RPC_CODES } from "../protocol/messages.ts";
import type { Message } from "../protocol/messages.ts";
import type { Log } from "../telemetry/log.ts";
import { STATE_METHODS } from "./agreement.ts";
import type { Agreed } from "./agreement.ts";
import { keepsCapabilities } from "./capabilities.ts";
import { ownNotice, ownRequest } from "./own_messages.ts";

/** How long the client's next request waits for the level and the subscriptions to be restored. */
const RESTORE_LIMIT_MS = 5_000;

/** How many requests of the gateway itself are under way at once. */
const LANES = 4;

/** The lists that clients are told of (2025-11-25 `server/tools`, `prompts`, `resources`). */
const LISTS = ["tools", "prompts", "resources"] as const;

/** Restores one thing; resolves to what it is when that failed. */
type Work = () => Promise<string | undefined>;

/** The server that was started anew, and the client that is not to notice. */
export interface Parties {
  /** The server's name. */
  readonly name: string;
  /** Asks the server; resolves with its answer, which the client does not get. Rejects when the server is gone. */
  ask(request: Envelope): Promise<Envelope>;
  /** Tells the server. */
  send(notification: Envelope): Promise<void>;
  /** Tells the client. */
  tell(notification: Envelope): void;
}

/** Throws `backend_changed` when the server is not what the session was begun with, and why it cannot be used. */
export async function restore(
  parties: Parties,
  agreed: Agreed,
  log: Log,
): Promise<void> {
  const { name } = parties;
  const answer = await parties.ask(agreed.initialize);
  if (!("result" in answer.message())) throw refusal(name, answer);
  checkUnchanged(name, agreed, answer.message());
  if (agreed.initialized) await parties.send(ownNotice(METHODS.initialized));
  await within(restoreState(parties, agreed, log), RESTORE_LIMIT_MS);
  for (const list of LISTS) {
    if (!tellsOfChanges(agreed.capabilities, list)) continue;
    parties.tell(ownNotice(`notifications/${list}/list_changed`));
  }
}

/** What the server refuses is a line in the log: the session can go on without. Rejects when the server is gone. */
async function restoreState(
  parties: Parties,
  { level, subscriptions }: Agreed,
  log: Log,
): Promise<void> {
  const work: Work[] = subscriptions.map((uri) => async () => {
    const restored = await isDone(parties, STATE_METHODS.subscribe, { uri });
    if (!restored) return "a subscription";
    // Its changes since the last server's end were told to nobody.
    parties.tell(ownNotice("notifications/resources/updated", { uri }));
  });
  if (level !== undefined) {
    work.unshift(async () => {
      const restored = await isDone(parties, STATE_METHODS.setLevel, { level });
      return restored ? undefined : "the log level";
    });
  }
  const lane = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const what = await next();
      if (what) log.warn("Backend state not restored", { what });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Whether the server did as it was asked. */
async function isDone(
  { ask }: Parties,
  method: string,
  params: Record<string, unknown>,
): Promise<boolean> {
  const answer = await ask(ownRequest(method, params));
  return "result" in answer.message();
}

function checkUnchanged(name: string, agreed: Agreed, answer: Message): void {
  const now = (answer.result ?? {}) as Partial<Agreed>;
  if (now.protocolVersion !== agreed.protocolVersion) {
    throw changed(name, "speaks another revision of MCP than before");
  }
  if (!keepsCapabilities(agreed.capabilities, now.capabilities)) {
    throw changed(name, "offers less than before");
  }
}

function changed(name: string, how: string): GatewayError {
  return new GatewayError(
    "backend_changed",
    `Server "${name}" was started again and ${how}`,
    { hint: "Begin a new session" },
  );
}

/** The server's own words come after the first line, which is all that a log shows. */
function refusal(name: string, answer: Envelope): GatewayError {
  if (answer.tells) return answer.tells;
  const { code, message } = answer.message().error ?? {};
  if (code === RPC_CODES.unsupportedRevision) {
    return changed(name, "knows no sessions any more");
  }
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" was started again and refused initialize with error ${code}. It said:\n${message}`,
  );
}

function tellsOfChanges(capabilities: unknown, list: string): boolean {
  const all = capabilities as
    | Readonly<Record<string, { readonly listChanged?: unknown } | null>>
    | null
    | undefined;
  return all?.[list]?.listChanged === true;
}
