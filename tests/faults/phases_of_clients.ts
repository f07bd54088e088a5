// Brings a client into the phase in which something is to go wrong.

import assert from "node:assert/strict";
import type { FaultBackend, FaultPhase } from "../support/fault_backend.ts";
import { CLIENT_NAME } from "../support/fault_client.ts";
import type { FaultClient, Told } from "../support/fault_client.ts";

/** A request that is under way. */
export interface UnderWay {
  readonly id: number;
  /** What becomes of it; `undefined` where the client does not hear of it. */
  readonly told: Promise<Told | undefined>;
}

/** Resolves when the client is there, with what it waits for then. */
export async function reach(
  phase: FaultPhase,
  client: FaultClient,
  backend: FaultBackend,
): Promise<UnderWay | undefined> {
  if (phase === "connecting") return;
  if (phase === "initialising") {
    const before = backend.count("initialize");
    backend.order(phase, { do: "hold" });
    const call = underWay(client.nextId, client.initialize());
    await backend.noted("initialize", before + 1);
    return call;
  }
  await begin(client);
  if (phase === "idle") return void await works(client);
  const id = client.nextId;
  const name = phase === "calling" ? "wait" : "stream";
  const call = underWay(id, client.call(name));
  if (phase === "calling") await backend.noted(`wait ${id}`);
  else await client.hears("notifications/progress");
  return call;
}

/** Goes through the handshake. */
export async function begin(client: FaultClient): Promise<void> {
  const { message } = await client.initialize();
  assert.ok(message?.result, JSON.stringify(message));
}

/** A call is answered, with what belongs to the client's session. */
export async function works(client: FaultClient): Promise<void> {
  assertMine(await client.call("echo"));
}

/** Throws unless it is an answer that belongs to the client's session. */
export function assertMine(told: Told | undefined): void {
  const result = told?.message?.result as { readonly client?: string };
  assert.equal(result?.client, CLIENT_NAME, JSON.stringify(told));
}

function underWay(id: number, told: Promise<Told>): UnderWay {
  const heard = told.then(
    (one) => one.message ? one : undefined,
    () => undefined,
  );
  return { id, told: heard };
}
