// Joins a client channel to a backend channel until either side leaves.

import { Envelope } from "../channel/envelope.ts";
import type { Channel } from "../channel/channel.ts";
import { Ledger } from "../channel/ledger.ts";
import type { Verdict } from "../channel/ledger.ts";
import { pong } from "../channel/ping.ts";
import { within } from "../channel/within.ts";
import { asGatewayError, GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Log, LogFields } from "../telemetry/log.ts";
import { logFailure } from "./log_failure.ts";

/** How long a backend that does not read may hold up the end by what it is to be told of it. */
const CANCEL_LIMIT_MS = 250;

/** How much crossed, for the log. */
export interface BridgeCounts {
  fromClient: number;
  fromBackend: number;
  dropped: number;
}

/** What a bridge needs besides the channels. */
export interface BridgeOptions {
  readonly counts: BridgeCounts;
  readonly log: Log;
  /** Requests that may wait for their answers, in each direction. */
  readonly maxRequests: number;
  /** See `ClientChannel`; a message on its way to the backend is not waited for then. */
  readonly clientOver: Promise<Error | undefined>;
  /** Told of every message that crosses. */
  onCrossing(): void;
}

/** Who ended the conversation, and why when it did not end in good order. */
export interface BridgeEnd {
  readonly by: "client" | "backend";
  readonly error?: GatewayError;
}

interface Side {
  readonly name: "client" | "backend";
  readonly channel: Channel;
  /** The requests this side has asked. */
  readonly open: Ledger;
}

/**
 * Runs until one side leaves or breaks, then answers what the client still waits
 * for, cancels what it had asked the backend, and closes both. Never throws.
 */
export async function bridge(
  clientChannel: Channel,
  backendChannel: Channel,
  options: BridgeOptions,
): Promise<BridgeEnd> {
  const { clientOver, maxRequests } = options;
  const client = side("client", clientChannel, maxRequests);
  const backend = side("backend", backendChannel, maxRequests);
  const pumps = [
    pump(client, backend, options),
    pump(backend, client, options),
  ];
  const end = await Promise.race([...pumps, clientOver.then(leftFor)]);
  await settle(client, backend, end);
  await Promise.all([
    client.channel.close(end.error),
    backend.channel.close(end.error),
  ]);
  await Promise.all(pumps);
  return end;
}

function leftFor(reason: Error | undefined): BridgeEnd {
  return reason
    ? { by: "client", error: asGatewayError(reason) }
    : { by: "client" };
}

function side(
  name: Side["name"],
  channel: Channel,
  maxRequests: number,
): Side {
  const open = new Ledger(maxRequests);
  return { name, channel, open };
}

/** Carries everything `from` says to `to`. */
async function pump(
  from: Side,
  to: Side,
  options: BridgeOptions,
): Promise<BridgeEnd> {
  try {
    for await (const envelope of from.channel) {
      const answer = pong(envelope);
      if (answer) {
        await from.channel.send(answer);
        continue;
      }
      const verdict = envelope.head.kind === "response"
        ? to.open.answered(envelope)
        : from.open.asked(envelope);
      if (verdict !== "pass") {
        dropped(from, envelope, verdict, options);
        if (verdict === "too_many_requests") {
          await deliver(from, full(envelope));
        }
        continue;
      }
      crossed(from, envelope, options);
      const refused = await deliver(to, envelope);
      if (refused) return { by: to.name, error: refused };
    }
    return { by: from.name };
  } catch (error) {
    return { by: from.name, error: asGatewayError(error) };
  }
}

function full({ head }: Envelope): Envelope {
  const message = "Too many requests wait for their answers";
  const reason = new GatewayError("overloaded", message);
  return Envelope.failure(head.id as RequestId, reason);
}

/** Notes a message that crosses. */
function crossed(
  from: Side,
  { tells }: Envelope,
  { counts, log, onCrossing }: BridgeOptions,
): void {
  if (from.name === "client") counts.fromClient++;
  else counts.fromBackend++;
  onCrossing();
  if (tells) logFailure(tells, log);
}

/** Notes a message that does not. */
function dropped(
  from: Side,
  { head: { kind, method } }: Envelope,
  reason: Verdict,
  { counts, log }: BridgeOptions,
): void {
  counts.dropped++;
  const fields = { from: from.name, kind, method, reason };
  // An answer that crossed its own cancellation is nobody's fault.
  if (reason === "cancelled_answer") log.debug("Message dropped", fields);
  else log.warn("Message dropped", { ...fields, ...limitOf(reason) });
}

function limitOf(reason: Verdict): LogFields {
  return reason === "too_many_requests" ? { limit: "requestsPerSession" } : {};
}

/** Hands one message over; an error means that the receiving side is gone. */
function deliver(
  to: Side,
  envelope: Envelope,
): Promise<GatewayError | undefined> {
  return to.channel.send(envelope).then(delivered, asGatewayError);
}

function delivered(): undefined {}

/** Leaves nobody waiting: the client's requests get an error, the backend's work is cancelled. */
async function settle(
  client: Side,
  backend: Side,
  end: BridgeEnd,
): Promise<void> {
  const why = end.error ?? leaving(end.by);
  const cancelled: Promise<void>[] = [];
  for (const id of client.open.ids()) {
    const isCancellable = client.open.isCancellable(id);
    const failure = Envelope.failure(id, why);
    // The backend may have answered it meanwhile, and must not from now on.
    if (client.open.answered(failure) !== "pass") continue;
    if (isCancellable) {
      cancelled.push(attempt(backend, cancellation(id, "the client left")));
    }
    await attempt(client, failure);
  }
  for (const id of backend.open.ids()) {
    await attempt(client, cancellation(id, "the server left"));
  }
  await within(Promise.all(cancelled), CANCEL_LIMIT_MS);
}

/** Sends to a side that may already be gone, which is then no news. */
async function attempt(to: Side, envelope: Envelope): Promise<void> {
  await deliver(to, envelope);
}

function leaving(by: BridgeEnd["by"]): GatewayError {
  return by === "backend"
    ? new GatewayError("backend_unavailable", "The server ended the session")
    : new GatewayError("client_gone", "The client ended the session");
}

function cancellation(requestId: RequestId, reason: string): Envelope {
  const params = { requestId, reason };
  return Envelope.of({ jsonrpc: "2.0", method: METHODS.cancelled, params });
}
