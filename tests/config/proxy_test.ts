// `proxy`: name, address, public url, origins and hosts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAddress } from "../../lib/config/address.ts";
import { isLoopback } from "../../lib/routing/loopback.ts";
import { assertError, assertWarning, read, withProxy } from "./marked.ts";

const LOOPBACK = `"addr": "127.0.0.1:0"`;

describe("proxy.trustedProxies", () => {
  it("takes addresses, ranges and the word for this machine", () => {
    const { config, problems } = read(withProxy(`
      ${LOOPBACK}, "trustedProxies": ["192.0.2.1", "10.0.0.0/8", "FD00::/8", "loopback"]
    `));
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.trustedProxies, [
      { address: "192.0.2.1", bits: 32 },
      { address: "10.0.0.0", bits: 8 },
      { address: "FD00::", bits: 8 },
      { address: "127.0.0.0", bits: 8 },
      { address: "::1", bits: 128 },
    ]);
  });

  const bad = ["proxy.test", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", "*", ""];
  for (const text of [...bad, "10.0.0/8", "10.0.0.0/8/8", "[::1]"]) {
    it(`takes no "${text}"`, () => {
      const members = `${LOOPBACK}, "trustedProxies": ["::1", ▲"${text}"]`;
      const path = "proxy.trustedProxies[1]";
      const message = /^found ".*", wanted an IP address, a range/;
      assertError(withProxy(members), { path, message });
    });
  }

  for (const text of ["0.0.0.0/0", "::/0"]) {
    it(`warns that ${text} is everybody`, () => {
      const members = `${LOOPBACK}, "trustedProxies": [▲"${text}"]`;
      const path = "proxy.trustedProxies[0]";
      assertWarning(withProxy(members), { path, message: /trusts everybody/ });
    });
  }
});

describe("proxy", () => {
  it("has defaults", () => {
    const { config } = read(
      withProxy(`"name": "n"`).replace('"name": "n",', ""),
    );
    assert.equal(config?.name, "mcp-front");
    assert.deepEqual(config?.address, { port: 8080 });
    assert.equal(config?.baseUrl, undefined);
    assert.deepEqual(config?.allowedHosts, []);
    assert.deepEqual(config?.allowedOrigins, []);
    assert.deepEqual(config?.trustedProxies, []);
  });

  it("takes what the file says", () => {
    const { config, problems } = read(withProxy(`
      "name": "Team gateway", "addr": "[::1]:7", "baseUrl": "https://h/base/",
      "allowedHosts": ["Gateway.Test", "::1", "[::1]", "bücher.example"],
      "allowedOrigins": ["HTTPS://Inspector.Example:443", "vscode-webview://Ab"]
    `));
    assert.deepEqual(problems, []);
    assert.equal(config?.name, "Team gateway");
    assert.deepEqual(config?.address, { hostname: "::1", port: 7 });
    assert.equal(config?.baseUrl?.href, "https://h/base/");
    assert.deepEqual(config?.allowedHosts, [
      "gateway.test",
      "[::1]",
      "[::1]",
      "xn--bcher-kva.example",
    ]);
    assert.deepEqual(config?.allowedOrigins, [
      "https://inspector.example",
      "vscode-webview://ab",
    ]);
  });

  it("refuses a name that cannot be shown", () => {
    for (const name of ['""', '" "', '"a\\nb"', '"a\\u202eb"']) {
      assertError(withProxy(`${LOOPBACK}, "name": ▲${name}`), {
        path: "proxy.name",
        message: /printable/,
      });
    }
  });

  const badUrls: [string, RegExp][] = [
    ["gateway.example.com", /found no url/],
    ["ftp://gateway.example.com", /http:\/\/ or https:\/\//],
    ["http:gateway", /found no url/],
    ["https://", /found no url/],
    ["https://a b/", /white space/],
    ["https://u:p@host/", /credentials/],
    ["https://host/?a=1", /query/],
    ["https://host/#a", /fragment/],
  ];
  for (const [url, message] of badUrls) {
    it(`refuses the baseUrl ${url}`, () => {
      assertError(withProxy(`${LOOPBACK}, "baseUrl": ▲"${url}"`), {
        path: "proxy.baseUrl",
        message,
      });
    });
  }

  const badOrigins: [string, RegExp][] = [
    ["*", /wildcard/],
    ["https://*.example", /wildcard/],
    ["https://host/", /write "https:\/\/host"/],
    ["https://host/path", /write "https:\/\/host"/],
    ["host", /^$/],
    ["null", /^$/],
    ["https://u@host", /^write "https:\/\/host"$/],
  ];
  for (const [origin, hint] of badOrigins) {
    it(`refuses the origin ${origin}`, () => {
      assertError(
        withProxy(`${LOOPBACK}, "allowedOrigins": ["http://a", ▲"${origin}"]`),
        {
          path: "proxy.allowedOrigins[1]",
          message: /wanted an origin/,
          hint,
        },
      );
    });
  }

  for (const host of ["http://h", "h:80", "*", "*.h", "", "a b", "h/p"]) {
    it(`refuses the allowed host "${host}"`, () => {
      assertError(withProxy(`${LOOPBACK}, "allowedHosts": [▲"${host}"]`), {
        path: "proxy.allowedHosts[0]",
        message: /wanted a host name/,
      });
    });
  }

  it("refuses other versions", () => {
    const text = withProxy(LOOPBACK);
    assertError(text.replace("{", `{ "version": ▲"2.0",`), {
      path: "version",
      message: /found "2.0", wanted "1.0"/,
    });
    assertError(text.replace("{", `{ "version": ▲1.0,`), {
      path: "version",
      message: /found a number, wanted the string "1.0"/,
    });
    assert.deepEqual(
      read(text.replace("{", `{ "version": "1.0", "$schema": "x",`)).problems,
      [],
    );
  });

  it("is told once where it is missing or no object", () => {
    const servers = `"mcpServers": { "x": { "command": "node" } }`;
    assertError(`▲{ ${servers} }`, {
      path: "proxy.auth",
      message: /no "auth"; the gateway is never open/,
    });
    assertError(`{ "proxy": ▲[], ${servers} }`, {
      path: "proxy",
      message: /found an array, wanted an object/,
    });
  });
});

describe("addr", () => {
  const good: [string, string | undefined, number][] = [
    [":8080", undefined, 8080],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["0.0.0.0:65535", "0.0.0.0", 65535],
    ["localhost:1", "localhost", 1],
    ["gateway.internal:80", "gateway.internal", 80],
    ["[::]:80", "::", 80],
    ["[fe80::1]:80", "fe80::1", 80],
  ];
  for (const [text, hostname, port] of good) {
    it(`takes ${text}`, () => {
      assert.deepEqual(parseAddress(text), {
        kind: "address",
        address: hostname === undefined ? { port } : { hostname, port },
      });
    });
  }

  const bad: [string, RegExp][] = [
    ["", /^$/],
    ["8080", /colon/],
    ["localhost", /^$/],
    ["localhost:", /^$/],
    ["::1", /brackets/],
    ["http://localhost:8080", /baseUrl/],
    ["*:80", /leave the host out/],
    ["a b:80", /^$/],
    ["999.0.0.1:80", /^$/],
    ["[1.2.3.4]:80", /^$/],
    [":70000", /^$/],
    [":-1", /^$/],
    [":80 ", /^$/],
  ];
  for (const [text, hint] of bad) {
    it(`refuses "${text}"`, () => {
      assertError(withProxy(`"addr": ▲"${text}"`), {
        path: "proxy.addr",
        message: /^found/,
        hint,
      });
    });
  }

  it("is told by its variable where it comes from one", () => {
    assertError(
      withProxy(`"addr": ▲"$env:ADDR"`),
      { path: "proxy.addr", message: /^found no address, .* in ADDR$/ },
      { environment: { ADDR: "12345" } },
    );
  });

  it("knows what only this machine can reach", () => {
    const loopback = [
      "localhost",
      "LocalHost.",
      "127.0.0.1",
      "127.9.9.9",
      "::1",
      "0:0:0:0:0:0:0:1",
      "::ffff:127.0.0.1",
    ];
    const open = ["0.0.0.0", "::", "10.0.0.1", "host", "127.0.0.1.nip.io"];
    for (const hostname of loopback) {
      assert.equal(isLoopback(hostname), true, hostname);
    }
    for (const hostname of [...open, "fe80::1%eth0", undefined]) {
      assert.equal(isLoopback(hostname), false, String(hostname));
    }
  });

  it("is a warning where others can intercept tokens", () => {
    const message = /tokens can be intercepted/;
    assertWarning(withProxy(`"addr": ▲":8080"`), {
      path: "proxy.addr",
      message,
    });
    assertWarning(withProxy(`"name": "n"`).replace("{ ", "▲{ "), {
      path: "proxy.addr",
      message,
    });
  });
});
