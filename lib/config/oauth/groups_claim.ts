// `groupsClaim`: where the groups of a caller stand in an access token.

import type { Report } from "../report.ts";
import type { Text } from "../text.ts";

/** What it is by default. */
export const DEFAULT_GROUPS_CLAIM = "groups";

/** The members that lead to the groups: `realm_access.roles` is two, a claim with the name of a url is one. */
export function readGroupsClaim(
  text: Text | undefined,
  report: Report,
): string[] {
  const { value = DEFAULT_GROUPS_CLAIM } = text ?? {};
  const steps = value.includes("://") ? [value] : value.split(".");
  if (text && steps.some((step) => step === "" || /[\s\p{C}]/u.test(step))) {
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted the name of a claim such as ` +
        '"groups" or "realm_access.roles"',
    );
  }
  return steps;
}
