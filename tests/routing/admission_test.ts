// Which Host and Origin may come in.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Admission } from "../../lib/routing/admission.ts";
import { canonical, isLoopback } from "../../lib/routing/loopback.ts";
import { GatewayError } from "../../lib/errors.ts";

function faultOf(admission: Admission, url: string, origin?: string) {
  const headers = new Headers(origin === undefined ? {} : { origin });
  try {
    admission.check(new URL(url), headers);
    return "admitted";
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error.fault;
  }
}

describe("on a loopback listener", () => {
  const admission = new Admission({
    maxHeaderBytes: 1024,
    listener: "loopback",
    baseUrl: new URL("https://gw.example/x"),
    allowedHosts: ["Dev.Example"],
    allowedOrigins: ["https://inspector.example"],
  });

  it("only hosts that are this machine or were named are answered", () => {
    const hosts = [
      "localhost:1",
      "127.0.0.1:1",
      "[::1]:1",
      "gw.example",
      "dev.example",
    ];
    for (const host of hosts) {
      assert.equal(faultOf(admission, `http://${host}/`), "admitted", host);
    }
    assert.equal(faultOf(admission, "http://evil.example/"), "forbidden_host");
  });

  it("pages of this machine, of the public url and of named origins are answered", () => {
    const origins = [
      "http://localhost:6274",
      "https://127.0.0.1",
      "https://gw.example",
      "https://inspector.example",
    ];
    for (const origin of origins) {
      assert.equal(faultOf(admission, "http://localhost/", origin), "admitted");
    }
    for (
      const origin of [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
      ]
    ) {
      const fault = faultOf(admission, "http://localhost/", origin);
      assert.equal(fault, "forbidden_origin", origin);
    }
  });
});

describe("on a network listener", () => {
  const admission = new Admission({
    maxHeaderBytes: 1024,
    listener: "network",
    allowedHosts: [],
    allowedOrigins: [],
  });

  it("any host is answered, and no page unless it was named", () => {
    assert.equal(faultOf(admission, "http://any.example/"), "admitted");
    const fault = faultOf(admission, "http://any.example/", "http://localhost");
    assert.equal(fault, "forbidden_origin");
  });
});

describe("a host name", () => {
  it("is compared in one form, however it was written", () => {
    assert.deepEqual(
      ["Dev.Example.", "0:0:0:0:0:0:0:1", "127.1"].map(canonical),
      ["dev.example", "[::1]", "127.0.0.1"],
    );
  });
});

describe("a loopback address", () => {
  it("is one that no other machine can reach", () => {
    assert.deepEqual(
      [
        "127.0.0.1",
        "127.1.2.3",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1",
        "localhost",
        "Localhost.",
      ].map(isLoopback),
      Array(7).fill(true),
    );
    assert.deepEqual(
      [undefined, "0.0.0.0", "::", "192.0.2.1", "127.example"].map(isLoopback),
      [false, false, false, false, false],
    );
  });
});
