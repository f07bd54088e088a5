// `audiences`: what access tokens may be made for, besides the urls of the gateway.

import type { Report } from "../report.ts";
import type { Text } from "../text.ts";
import { readList } from "./lists.ts";

/** In the tokens that Keycloak makes for any client of a realm: whoever gets one for something else could come in with it. */
const EVERYBODY_S = "account";

/** Each once. */
export function readAudiences(
  texts: readonly Text[] | undefined,
  report: Report,
): string[] {
  const audiences = readList(texts, "audiences", report, (text, value) => {
    if (value !== "" && !/[\s\p{C}]/u.test(value)) return value;
    const found = value === "" ? "an empty audience" : "white space";
    const message = `found ${found}${text.source}, wanted what tokens name`;
    report.error(text.path, message, {
      hint: "each audience stands by itself",
    });
    return undefined;
  });
  for (const { value, path } of texts ?? []) {
    if (value !== EVERYBODY_S) continue;
    report.warn(
      path,
      `"${EVERYBODY_S}" is in the tokens that Keycloak makes for any client; ` +
        "all of them can be used here",
      { hint: "give the clients of the gateway an audience mapper instead" },
    );
  }
  return audiences ?? [];
}
