// What the load is made of: sessions that call, one call after the other.

import { UnexpectedStatus } from "./failures.ts";

/** The transport that a client speaks. */
export type ClientTransport =
  | "sse"
  | "streamable-http"
  | "streamable-http-modern";

/** A session of a client with a participant. */
export interface LoadSession {
  /** One call; rejects when its answer is not what it must be. */
  call(bytes: number, notifications?: number): Promise<void>;
  /** Closes what only calls need: it makes none from now on, and goes on. */
  rest(): void;
  /** Ends it in its transport's way. */
  end(): Promise<void>;
}

/** `initialize`, as every session begins. */
export const INITIALIZE =
  '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":' +
  '"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}';
/** What follows it. */
export const INITIALIZED =
  '{"jsonrpc":"2.0","method":"notifications/initialized"}';

/** Throws unless an HTTP answer has one of these statuses. */
export function expectStatus(
  { status, body }: { readonly status: number; readonly body?: Uint8Array },
  ...wanted: readonly number[]
): void {
  if (wanted.includes(status)) return;
  const text = new TextDecoder().decode(body?.subarray(0, 500));
  throw new UnexpectedStatus(
    status,
    `HTTP ${status}, wanted ${wanted.join(" or ")}: ${text}`,
  );
}
