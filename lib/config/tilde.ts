// `~` in a path: the shell's word for the home folder, which means nothing here.

import type { Report } from "./report.ts";
import type { Text } from "./text.ts";

/** Reports a path that begins with `~`; true where it does. */
export function refuseTilde(text: Text, report: Report): boolean {
  if (!/^~(?:[/\\]|$)/.test(text.value ?? "")) return false;
  report.error(text.path, 'found "~", which only a shell replaces', {
    hint: "write the path; relative ones begin at this file",
  });
  return true;
}
