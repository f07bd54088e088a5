// Both faces of each server of a gateway, and what they keep beyond single conversations.

import type { Backend, BothEras } from "../backend.ts";
import type { Native } from "../backends/open.ts";
import { GatewayError } from "../errors.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import type { BridgeMode } from "./bridge_mode.ts";
import { EraMemory } from "./era_memory.ts";
import { legacyBackendForModern } from "./legacy_backend_for_modern/legacy_backend_for_modern.ts";
import { ParkingLot } from "./legacy_backend_for_modern/parking_lot.ts";
import type { Resumable } from "./legacy_backend_for_modern/tickets.ts";
import { legacyFace } from "./legacy_face.ts";
import { legacyOnly } from "./legacy_only.ts";
import { modernBackendForLegacy } from "./modern_backend_for_legacy/modern_backend_for_legacy.ts";
import { modernFace } from "./modern_face.ts";
import { undiscovered } from "./undiscovered.ts";

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

  /** A server of whichever era, as clients of both see it. */
  of(native: Native, mode: BridgeMode): BothEras {
    const { name, kind, timeouts } = native;
    const { legacy: sessions, modern: exchanges } = native;
    if (!exchanges) return this.#sessionsOnly(sessions, mode);
    const memory = new EraMemory(name, this.#log);
    if (mode === "native") {
      const instead = noExchanges(name);
      const modern = modernFace({ exchanges, sessions, instead, memory });
      return this.#keep({ name, legacy: sessions, modern });
    }
    const bridged = modernBackendForLegacy(exchanges, {
      log: this.#log,
      timeouts,
      hasHeaders: kind === "remote",
    });
    const legacy = legacyFace({ sessions, exchanges, bridged, memory });
    const made = this.#exchangesOf(legacy);
    const instead = mode === "auto" && kind === "stdio"
      ? undiscovered(made)
      : made;
    const modern = modernFace({ exchanges, sessions, instead, memory });
    return this.#keep({ name, legacy, modern });
  }

  /** What knows sessions only, such as all servers as one, as clients of both eras see it. */
  ofSessions(legacy: Backend): BothEras {
    return this.#sessionsOnly(legacy, "always");
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

  #sessionsOnly(legacy: Backend, mode: BridgeMode): BothEras {
    const { name } = legacy;
    const modern = mode === "native"
      ? noExchanges(name)
      : this.#exchangesOf(legacy);
    return this.#keep({ name, legacy, modern });
  }

  #exchangesOf(legacy: Backend): Backend {
    return legacyBackendForModern(legacy, { log: this.#log, lot: this.#lot });
  }

  #keep(faces: BothEras): BothEras {
    this.#all.add(faces);
    return faces;
  }
}

/** Of a server without exchanges, for clients that are to see that. */
function noExchanges(name: string): Backend {
  return { name, open: () => Promise.reject(legacyOnly()) };
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
