// What the runtimes' errors of connections are called.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unreachable } from "../../../lib/transports/backend/http_failures.ts";

/** As Bun, Deno and Node say it. */
const WORDS: readonly (readonly [Error, string])[] = [
  [
    Object.assign(new Error("Hostname/IP does not match certificate's names"), {
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    }),
    "its TLS certificate is for another name",
  ],
  [
    new TypeError("fetch failed", {
      cause: new Error(
        'invalid peer certificate: certificate not valid for name "a"',
      ),
    }),
    "its TLS certificate is for another name",
  ],
  [
    Object.assign(new Error("self signed certificate"), {
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    }),
    "its TLS certificate is not trusted",
  ],
];

describe("a server that cannot be reached", () => {
  for (const [error, reason] of WORDS) {
    it(`is told as: ${reason} (${error.name}: ${error.message})`, () => {
      const { fault, message } = unreachable("db", "db:443", error);
      assert.equal(fault, "backend_unavailable");
      assert.equal(
        message,
        `Server "db" cannot be reached at db:443: ${reason}`,
      );
    });
  }
});
