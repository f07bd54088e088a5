// How large the header of a request is, before anything in it is looked at.

import { GatewayError } from "../errors.ts";

/** What stands around a field besides its name and value: `: ` and the line break (RFC 9112 § 5). */
const FIELD_OVERHEAD_BYTES = 4;

/** Throws `headers_too_large` (RFC 6585 § 5) when the target and the fields of a request have more than `maxBytes`. */
export function checkHeaderSize(
  target: string,
  headers: Headers,
  maxBytes: number,
): void {
  let bytes = target.length;
  headers.forEach((value, name) => {
    bytes += name.length + value.length + FIELD_OVERHEAD_BYTES;
  });
  if (bytes <= maxBytes) return;
  throw new GatewayError(
    "headers_too_large",
    `The header of a request may have at most ${maxBytes} bytes`,
    { fields: { limit: "headers" } },
  );
}
