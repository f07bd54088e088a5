// A gateway that takes access tokens, and what is asked of it by hand.

import { startGateway, TOKENS } from "./in_process_gateway.ts";
import type { InProcessGateway } from "./in_process_gateway.ts";
import { BUN } from "./program.ts";
import { pathOf } from "./shared_gateway.ts";
import { initialize, postHeaders } from "./streamable_session.ts";
import type { Message } from "../../lib/protocol/messages.ts";

/** A server with a tool that reads and one that writes. */
export const READING = {
  command: BUN,
  args: [pathOf("reading_server.mjs")],
};

/** The static token that there is beside. */
export const STATIC = TOKENS.alice;

/** What of `proxy.auth` a test wants. */
export type Auth = Readonly<Record<string, unknown>> & {
  readonly issuer: string;
};

/** Starts one whose public url is where it listens. */
export async function startOAuthGateway(
  mcpServers: Readonly<Record<string, unknown>>,
  auth: Auth,
  proxy: Readonly<Record<string, unknown>> = {},
): Promise<InProcessGateway> {
  // Where it listens is known only then.
  const gateway = await startGateway({ any: READING });
  gateway.reload(mcpServers, { ...proxyOf(gateway, auth), ...proxy });
  return gateway;
}

/** `proxy` of such a gateway, also for reloading it. */
export function proxyOf(
  { url: baseUrl }: InProcessGateway,
  auth: Auth,
): Record<string, unknown> {
  return { baseUrl, auth: { kind: "oauth", tokens: TOKENS, ...auth } };
}

/** What came of a request. */
export interface Outcome {
  readonly status: number;
  /** The `WWW-Authenticate` header. */
  readonly challenge: string;
  readonly session: string | undefined;
  readonly retryAfter: string | null;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/** Posts one message, `initialize` where none is given. */
export async function post(
  url: string,
  token: string | undefined,
  message: Message | readonly Message[] = initialize(),
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const all = { ...postHeaders(token ?? ""), ...headers };
  if (token === undefined) delete all.authorization;
  const body = JSON.stringify(message);
  return await outcome(
    await fetch(url, { method: "POST", headers: all, body }),
  );
}

/** Gets something. */
export async function get(url: string, token?: string): Promise<Outcome> {
  const headers = token === undefined
    ? undefined
    : { authorization: `Bearer ${token}` };
  return await outcome(await fetch(url, { headers }));
}

async function outcome(response: Response): Promise<Outcome> {
  const { status, headers } = response;
  const text = await response.text();
  // The answer is the last thing that is said on a stream.
  const data = [...text.matchAll(/^data: (.+)$/gm)].at(-1)?.[1];
  return {
    status,
    challenge: headers.get("www-authenticate") ?? "",
    session: headers.get("mcp-session-id") ?? undefined,
    retryAfter: headers.get("retry-after"),
    json: parsed(data ?? text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
