// `/{server}/sse` and `/{server}/messages`: the HTTP+SSE transport of 2024-11-05.

import type { Backend } from "../backend.ts";
import { Envelope } from "../channel/envelope.ts";
import type { Endpoint, Inbound } from "../endpoint.ts";
import { eraOf } from "../eras/era.ts";
import { GatewayError } from "../errors.ts";
import type { RequestId } from "../protocol/messages.ts";
import { traitsOf } from "../protocol/versions.ts";
import type { Log } from "../telemetry/log.ts";
import { SseChannel } from "../transports/client/sse.ts";
import { requireEvents } from "./accept.ts";
import { legacyOnly } from "../eras/legacy_only.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { noBatches } from "./no_batches.ts";
import type { SessionTable } from "./session_table.ts";
import { checkScope } from "./step_up.ts";
import { subjectOf } from "./subject_of.ts";

/** The query parameter that names the session; its value is a secret. */
export const SESSION_PARAMETER = "sessionId";

/** Where clients find a backend. */
export interface SseAddress {
  /** The path of the public url, empty for none. */
  readonly basePath: string;
  /** What follows it: the path of the session. */
  readonly path: string;
}

/** Opens the stream of a new session (2024-11-05 `basic/transports` § HTTP with SSE). */
export function sseStreamEndpoint(
  backend: Backend,
  table: SessionTable,
  { basePath, path }: SseAddress,
): Endpoint {
  return {
    respond(inbound, owner) {
      const { request, peer } = inbound;
      if (request.method !== "GET") throw methodNotAllowed(["GET"]);
      requireEvents(request.headers);
      const messages = `${publicPrefix(inbound, basePath)}${path}/messages`;
      const { channel } = table.open({
        owner,
        backend,
        path,
        transport: "sse",
        channel: (id, options) =>
          new SseChannel(
            `${messages}?${SESSION_PARAMETER}=${id}`,
            peer,
            options,
          ),
      });
      return Promise.resolve(channel.response());
    },
  };
}

/** Takes what the client of such a session says. */
export function sseMessagesEndpoint(
  path: string,
  table: SessionTable,
): Endpoint {
  return {
    async respond(inbound, caller) {
      const { request, url } = inbound;
      if (request.method !== "POST") throw methodNotAllowed(["POST"]);
      const id = url.searchParams.get(SESSION_PARAMETER);
      if (!id) throw sessionMissing();
      const session = table.find(id, path, caller, SseChannel);
      if (!session) throw sessionGone();
      const { envelopes, form } = await table.bodies.read(request, caller);
      inbound.told(subjectOf(session, envelopes));
      if (form === "batch" && !traitsOf(session.channel.revision).batches) {
        throw noBatches();
      }
      checkScope(session, envelopes);
      session.touch();
      if (eraOf(request.headers, envelopes) === "legacy") {
        session.channel.post(envelopes);
      } else {
        await refuseModern(session.channel, envelopes, inbound.log);
      }
      return new Response("Accepted", { status: 202 });
    },
  };
}

/** A backend that has not heard `initialize` yet may end itself when it hears anything else: it hears nothing of this. */
async function refuseModern(
  channel: SseChannel,
  envelopes: readonly Envelope[],
  log: Log,
): Promise<void> {
  const refusal = legacyOnly();
  const { fault, message: reason } = refusal;
  log.info("Request refused", { fault, reason });
  for (const { head } of envelopes) {
    if (head.kind !== "request") continue;
    await channel.send(Envelope.failure(head.id as RequestId, refusal));
  }
}

function sessionGone(): GatewayError {
  return new GatewayError("session_not_found", "There is no such session", {
    hint: "Open the SSE stream again to begin a new one",
  });
}

function sessionMissing(): GatewayError {
  return new GatewayError("session_required", "The sessionId is missing", {
    hint: "Post to the address given in the endpoint event of the SSE stream",
  });
}

/** The path prefix by which the client reaches us: the reverse proxy's word, else the public url's. */
function publicPrefix({ request }: Inbound, basePath: string): string {
  const forwarded = request.headers.get("x-forwarded-prefix") ?? "";
  return /^(\/[\w~-][\w.~-]*)+$/.test(forwarded) ? forwarded : basePath;
}
