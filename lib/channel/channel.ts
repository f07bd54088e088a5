// The one shape of every conversation: a two-way stream of JSON-RPC messages with one peer.

import type { Envelope } from "./envelope.ts";

/**
 * A conversation with one peer. Iterating yields what the peer says; it returns
 * when the peer leaves and throws when the connection breaks. It has one consumer.
 *
 * Kept by every implementation (see `tests/contract/`): order is kept per route;
 * `send()` resolves when the message is queued on its own route and never waits
 * for an answer; after `close()` nothing is yielded and `send()` rejects; every
 * buffer is bounded; a request taken by `send()` is answered, if need be with an error.
 */
export interface Channel extends AsyncIterable<Envelope>, AsyncDisposable {
  /** Queues a message for the peer. Rejects with a `GatewayError` once the channel is closed or broken. */
  send(envelope: Envelope): Promise<void>;
  /** Ends the conversation and frees what it holds; resolves when that is done. May be called twice. */
  close(reason?: Error): Promise<void>;
}
