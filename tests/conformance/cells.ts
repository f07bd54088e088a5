// The cells of the matrix: who connects to what.

import { isModernRevision } from "../../lib/protocol/versions.ts";
import { FIXTURES, nameOf } from "./fixture/fixtures.ts";
import type { Fixture } from "./fixture/fixtures.ts";
import { REVISIONS } from "./suite.ts";
import type { Revision } from "./suite.ts";

/** A client of a revision, through the gateway, to the fixture. */
export interface Cell {
  readonly revision: Revision;
  readonly fixture: Fixture;
}

/** Every revision with every fixture. */
export const ALL_CELLS: readonly Cell[] = REVISIONS.flatMap((revision) =>
  FIXTURES.map((fixture) => ({ revision, fixture }))
);

/** Those that the gateway serves: of the modern era it serves neither clients nor servers. */
export const CELLS: readonly Cell[] = ALL_CELLS.filter((cell) =>
  !isModernRevision(cell.revision) && speaksItself(cell)
);

/** `2025-11-25 legacy-stdio` */
export function titleOf({ revision, fixture }: Cell): string {
  return `${revision} ${nameOf(fixture)}`;
}

/** Whether the fixture speaks the client's revision itself: then nothing may come out worse for the gateway. */
export function speaksItself({ revision, fixture: { era } }: Cell): boolean {
  return era === "dual" || era === nativeEra(revision);
}

/** The fixture that the suite can be run against without a gateway, to compare with: over Streamable HTTP, as it speaks nothing else. */
export function baselineOf({ revision, fixture }: Cell): Fixture {
  const era = fixture.era === "dual" ? "dual" : nativeEra(revision);
  return { era, transport: "streamable-http" };
}

function nativeEra(revision: Revision): "legacy" | "modern" {
  return isModernRevision(revision) ? "modern" : "legacy";
}
