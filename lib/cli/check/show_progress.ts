// Shows at a terminal how far it is with the servers.

import { terminalColumns, terminalSize } from "../../runtime/terminal.ts";
import { palette } from "../palette.ts";
import { print } from "../print.ts";
import type { Surroundings } from "../surroundings.ts";
import { LiveDisplay } from "./live_display.ts";
import type { Omission, Visit } from "./plan.ts";

/** Lines that move, where somebody sees them and no log comes between them. */
export function showProgress(
  steps: readonly (Visit | Omission)[],
  environment: Surroundings["environment"],
): LiveDisplay | undefined {
  const isWanted = terminalColumns("stderr") !== undefined &&
    environment.TERM !== "dumb" && !environment.LOG_LEVEL;
  const names = steps.filter(({ kind }) => kind === "visit")
    .map(({ server }) => server.name);
  if (!isWanted || names.length === 0) return undefined;
  return new LiveDisplay(names, {
    size: () => terminalSize("stderr"),
    palette: palette("stderr", environment),
    print: (text) => print("stderr", text),
  });
}
