// Both faces of each server of a gateway, and what they keep beyond single conversations.

import type { Backend, BothEras } from "../backend.ts";
import { GatewayError } from "../errors.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import { legacyBackendForModern } from "./legacy_backend_for_modern/legacy_backend_for_modern.ts";
import { ParkingLot } from "./legacy_backend_for_modern/parking_lot.ts";
import type { Resumable } from "./legacy_backend_for_modern/tickets.ts";

/** Whoever makes it closes it. */
export class ServerFaces {
  readonly #log: Log;
  /** Calls that wait for their clients, at all servers. */
  readonly #lot = new ParkingLot<Resumable>();
  readonly #all = new Set<BothEras>();
  /** Those that nobody is led to any more. */
  readonly #retired = new Set<BothEras>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** A server that knows sessions, as clients of both eras see it. */
  of(legacy: Backend): BothEras {
    const bridging = { log: this.#log, lot: this.#lot };
    const modern = legacyBackendForModern(legacy, bridging);
    const faces = { name: legacy.name, legacy, modern };
    this.#all.add(faces);
    return faces;
  }

  /** Another server has its place: it ends as soon as nobody uses it. */
  retire(faces: BothEras): void {
    this.#retired.add(faces);
    for (const one of this.#retired) {
      if (one.legacy.isIdle?.() === false) continue;
      if (one.modern.isIdle?.() === false) continue;
      this.end(one, replaced(one.name));
    }
  }

  /** Ends what is kept for a server. */
  end(faces: BothEras, reason: GatewayError): void {
    this.#all.delete(faces);
    this.#retired.delete(faces);
    background(this.#log, "Closing a server", closed(faces, reason));
  }

  /** Ends what is kept. Resolves when nothing is left of it. */
  async close(reason: GatewayError): Promise<void> {
    await Promise.all([...this.#all].map((one) => closed(one, reason)));
    this.#lot.close();
  }
}

async function closed(
  { legacy, modern }: BothEras,
  reason: GatewayError,
): Promise<void> {
  await Promise.all([legacy.close?.(reason), modern.close?.(reason)]);
}

function replaced(server: string): GatewayError {
  const message = `Server "${server}" is configured in another way now`;
  return new GatewayError("backend_unavailable", message);
}
