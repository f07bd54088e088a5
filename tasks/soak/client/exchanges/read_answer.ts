// The HTTP answer to a request of the modern era: one message, a stream of them, or a refusal.

import { eventsOf } from "../../wire/events.ts";
import type { Exchange } from "../../wire/exchange.ts";
import type { Heard } from "../pending_calls.ts";

/** Who hears it. */
export interface Reader {
  message(message: Heard): void;
  refused(status: number, text: string): void;
  /** Something that no answer of this era has. */
  wrong(what: string): void;
}

/** Reads it to its end. Throws `ConnectionBroken`. */
export async function readAnswer(
  exchange: Exchange,
  reader: Reader,
): Promise<void> {
  const { status, headers } = await exchange.head();
  if (headers.has("mcp-session-id")) reader.wrong("the id of a session");
  if (headers.get("content-type")?.startsWith("text/event-stream")) {
    for await (const { data, id } of eventsOf(exchange)) {
      if (id !== undefined) reader.wrong("an event that could be resumed");
      reader.message(JSON.parse(data));
    }
    return;
  }
  const text = await exchange.text();
  if (status === 200) reader.message(JSON.parse(text));
  else reader.refused(status, text);
}
