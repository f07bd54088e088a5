// Stands in for `lib/eras/era.ts` in a gateway of one era: nothing is decided.

import process from "node:process";
import type { Era, eraOf as deciding } from "../../lib/eras/era.ts";

/** What the benchmark says which era that is in. */
export const ERA_VARIABLE = "BENCH_ERA";

const ERA = process.env[ERA_VARIABLE] as Era;

/** Always the same. */
export const eraOf: typeof deciding = () => ERA;
