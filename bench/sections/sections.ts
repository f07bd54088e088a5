// The sections by their names.

import type { SectionName } from "../options.ts";
import type { Section } from "../run.ts";
import { churn } from "./churn.ts";
import { era } from "./era.ts";
import { idle } from "./idle.ts";
import { large } from "./large.ts";
import { logging } from "./logging.ts";
import { matrix } from "./matrix.ts";
import { progress } from "./progress.ts";
import { root } from "./root.ts";
import { slopes } from "./slopes.ts";
import { start } from "./start.ts";

/** What runs for each name. */
export const BY_NAME: Readonly<Record<SectionName, Section>> = {
  matrix,
  progress,
  churn,
  idle,
  start,
  slopes,
  logging,
  large,
  root,
  era,
};
