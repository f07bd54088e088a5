// Stands in for `lib/eras/server_faces.ts` in a gateway of one era: a server is seen as what it is, with nothing in between.

import type { Backend, BothEras } from "../../lib/backend.ts";
import type { Native } from "../../lib/backends/open.ts";
import type { GatewayError } from "../../lib/errors.ts";
import type { ServerFaces as Deciding } from "../../lib/eras/server_faces.ts";

/** The faces are the ways to the server themselves. */
export class ServerFaces implements Pick<Deciding, keyof Deciding> {
  readonly #all: BothEras[] = [];

  of({ name, legacy, modern = nothing(name) }: Native): BothEras {
    const faces = { name, legacy, modern };
    this.#all.push(faces);
    return faces;
  }

  ofSessions(legacy: Backend): BothEras {
    const { name } = legacy;
    return { name, legacy, modern: nothing(name) };
  }

  /** The benchmark changes no configuration. */
  retire(): void {}

  end(): void {}

  async close(reason: GatewayError): Promise<void> {
    const faces = this.#all.flatMap(({ legacy, modern }) => [legacy, modern]);
    await Promise.all(faces.map((one) => one.close?.(reason)));
  }
}

function nothing(name: string): Backend {
  return { name, open: () => Promise.reject(new Error("there is no other")) };
}
