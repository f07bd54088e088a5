// Urls in a config: http or https, without credentials, said without showing them.

import type { Report } from "./report.ts";
import type { Text } from "./text.ts";

// deno-lint-ignore no-control-regex -- control characters are what is looked for
const SPACE_OR_CONTROL = /[\s\u0000-\u001f\u007f]/;

/** The url a text gives. Urls may hold keys in their query, so no message shows one. */
export function readHttpUrl(text: Text, report: Report): URL | undefined {
  const { value, path } = text;
  if (value === undefined) return undefined;
  if (SPACE_OR_CONTROL.test(value)) {
    report.error(path, `found white space in the url${text.source}`, {
      hint: "take it out, or write %20 where a blank is meant",
    });
    return undefined;
  }
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:\/\//i.test(value)) {
    report.error(
      path,
      `found no url${text.source}, wanted one that begins with http:// or https://`,
    );
    return undefined;
  }
  if (url.username !== "" || url.password !== "") {
    report.error(path, `found credentials in the url${text.source}`, {
      hint: 'send them in "headers", such as "Authorization"',
    });
    return undefined;
  }
  return url;
}
