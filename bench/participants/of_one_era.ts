// The gateway from its sources, as it is and with nothing of the other era: what both cost beyond each other is the code between the eras.

import { fileURLToPath } from "node:url";
import type { Era } from "../../lib/eras/era.ts";
import { ERA_VARIABLE } from "../one_era/era.ts";
import { BUN } from "./backends.ts";
import type { FrontOptions } from "./front.ts";

const file = (name: string) =>
  fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The main module, that the executable is compiled of. */
const MAIN = file("main.ts");
/** What the gateway sets by starting itself anew, where it is not set. */
const STARTED = { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };

/** With both eras, as in the executable. */
export const OF_BOTH_ERAS: FrontOptions = {
  program: [BUN, MAIN],
  env: STARTED,
};

/** With `bench/one_era/` in the place of what decides. */
export function ofOneEra(era: Era): FrontOptions {
  const preload = file("bench/one_era/preload.ts");
  return {
    program: [BUN, "--preload", preload, MAIN],
    env: { ...STARTED, [ERA_VARIABLE]: era },
  };
}
