// The server-sent events in the body of an answer.

import { StringDecoder } from "node:string_decoder";
import type { Exchange } from "./exchange.ts";

/** One event. */
export interface SoakEvent {
  readonly event?: string;
  readonly id?: string;
  readonly data: string;
}

/** Reads events until the body ends; comments are skipped. */
export async function* eventsOf(
  exchange: Exchange,
): AsyncGenerator<SoakEvent> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  let searched = 0;
  for await (const part of exchange.body()) {
    text += decoder.write(part);
    for (;;) {
      const end = text.indexOf("\n\n", searched);
      if (end === -1) break;
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      searched = 0;
      const event = parse(block);
      if (event) yield event;
    }
    searched = Math.max(0, text.length - 1);
  }
}

function parse(block: string): SoakEvent | undefined {
  const fields: { event?: string; id?: string; data?: string } = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trimStart();
    if (name === "event" || name === "id" || name === "data") {
      fields[name] = value;
    }
  }
  const { data, ...rest } = fields;
  return data === undefined ? undefined : { ...rest, data };
}
