// Both faces of each server of a gateway, and what they keep beyond single conversations.

import type { Backend, BothEras } from "../backend.ts";
import type { GatewayError } from "../errors.ts";
import type { Log } from "../telemetry/log.ts";
import { legacyBackendForModern } from "./legacy_backend_for_modern/legacy_backend_for_modern.ts";
import { ParkingLot } from "./legacy_backend_for_modern/parking_lot.ts";
import type { Resumable } from "./legacy_backend_for_modern/tickets.ts";

/** Whoever makes it closes it. */
export class ServerFaces {
  readonly #log: Log;
  /** Calls that wait for their clients, at all servers. */
  readonly #lot = new ParkingLot<Resumable>();
  readonly #all: BothEras[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** A server that knows sessions, as clients of both eras see it. */
  of(legacy: Backend): BothEras {
    const bridging = { log: this.#log, lot: this.#lot };
    const modern = legacyBackendForModern(legacy, bridging);
    const faces = { name: legacy.name, legacy, modern };
    this.#all.push(faces);
    return faces;
  }

  /** Ends what is kept. Resolves when nothing is left of it. */
  async close(reason: GatewayError): Promise<void> {
    await Promise.all(
      this.#all.flatMap(({ legacy, modern }) => [
        legacy.close?.(reason),
        modern.close?.(reason),
      ]),
    );
    this.#lot.close();
  }
}
