// Starts the scripted server, over whichever transport.

import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import type { RequestId } from "../../lib/protocol/messages.ts";
import { request } from "./raw_client.ts";
import type { Heard } from "./raw_client.ts";
import { ServerProcess } from "./server_process.ts";
import { Servers } from "./servers.ts";

const PROGRAM = fileURLToPath(
  new URL("scripted_server.mjs", import.meta.url).href,
);

/** What a script can do; `scripted_conversation.mjs` says what each step means. */
export type Step =
  | { readonly say: string; readonly on?: RequestId | null }
  | {
    readonly big: readonly [before: string, count: number, after: string];
    readonly on?: RequestId | null;
  }
  | { readonly wait: { readonly method: string } | { readonly id: RequestId } }
  | { readonly report: true };

/** A message as the server received it; `base64` is left out above 1 MiB. */
export interface Recorded {
  readonly base64?: string;
  readonly length: number;
  readonly sha256: string;
}

/** What the server knows of one session. */
export interface Report {
  readonly heard: readonly Recorded[];
  /** Of the server's process. */
  readonly pid: number;
}

/** Starts the scripted server over each transport. */
export function startScripted(): Promise<Servers> {
  return Servers.start({
    stdioArgs: [PROGRAM, "stdio"],
    listening: async (transport) => {
      const args = [PROGRAM, transport];
      const ready = /^listening (.+)$/;
      const started = await ServerProcess.start({ args, ready });
      return { server: started.server, url: started.ready[1] as string };
    },
  });
}

/** The request that makes the server do `steps`. */
export function script(id: RequestId, ...steps: readonly Step[]): string {
  return request(id, "script/run", { steps });
}

/** The text of the answer to request `id`. */
export function result(id: RequestId, value: unknown = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: value });
}

/** What the server recorded, from its answer. */
export function reported({ message }: Heard): Report {
  return message.result as Report;
}

/** The text of a recorded message. */
export function textOf({ base64 }: Recorded): string {
  return Buffer.from(base64 ?? "", "base64").toString("utf8");
}
