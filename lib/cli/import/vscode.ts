// What a file of VS Code asks its user for.

import { isMembers } from "./client_file.ts";
import type { Members } from "./client_file.ts";
import type { Place } from "./places.ts";
import type { Input } from "./template.ts";

/** `inputs` by their ids. */
export function vscodeInputs(
  { root, place }: { readonly root: Members; readonly place: Place },
): ReadonlyMap<string, Input> {
  const inputs = new Map<string, Input>();
  for (const entry of Array.isArray(root.inputs) ? root.inputs : []) {
    if (!isMembers(entry) || typeof entry.id !== "string") continue;
    const { id, description, default: preset } = entry;
    inputs.set(id, {
      id,
      file: place.path,
      ...(typeof description === "string" && { description }),
      ...(typeof preset === "string" && { preset }),
    });
  }
  return inputs;
}
