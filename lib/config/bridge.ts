// `bridge`: what clients of one era see of a server of the other.

import { BRIDGE_MODES, DEFAULT_BRIDGE_MODE } from "../eras/bridge_mode.ts";
import type { BridgeMode } from "../eras/bridge_mode.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";

/** What a server says, or the default. */
export function readBridge(
  { bridge: text }: ServerDraft,
  report: Report,
): BridgeMode {
  if (text?.value === undefined) return DEFAULT_BRIDGE_MODE;
  const found = BRIDGE_MODES.find((mode) => mode === text.value);
  if (found !== undefined) return found;
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted "auto", "always" or "native"`,
  );
  return DEFAULT_BRIDGE_MODE;
}
