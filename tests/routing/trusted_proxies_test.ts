// Who is believed to be the client of a request that came by proxies.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rangesIn } from "../../lib/routing/address_range.ts";
import { publicUrl } from "../../lib/routing/request_url.ts";
import { TrustedProxies } from "../../lib/routing/trusted_proxies.ts";

const proxies = new TrustedProxies(
  ["loopback", "10.0.0.0/8", "192.0.2.1", "fd00::/8"]
    .flatMap((text) => rangesIn(text) ?? []),
);

function client(peer: string, chain: string): string | undefined {
  const headers = new Headers({ "x-forwarded-for": chain });
  return proxies.forwarded(peer, headers)?.address;
}

describe("the client behind proxies", () => {
  const cases: [string, string, string, string][] = [
    ["is whom the proxy saw", "127.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["is in IPv6, too", "::1", "2001:DB8::9", "2001:db8::9"],
    ["is IPv4 in IPv6", "::1", "::ffff:203.0.113.9", "203.0.113.9"],
    ["has no port", "10.1.2.3", "203.0.113.9:4711", "203.0.113.9"],
    ["has no brackets", "fd00::1", "[2001:db8::9]:443", "2001:db8::9"],
    [
      "is not what it says itself",
      "127.0.0.1",
      "198.51.100.6, 127.0.0.1,203.0.113.9",
      "203.0.113.9",
    ],
    [
      "is the first before all that are trusted",
      "127.0.0.1",
      "198.51.100.6, 203.0.113.9, 192.0.2.1, 10.0.0.7",
      "203.0.113.9",
    ],
    ["may be trusted itself", "127.0.0.1", "10.0.0.8, 10.0.0.7", "10.0.0.8"],
    ["is the proxy where that says nothing", "10.0.0.7", "", "10.0.0.7"],
    ["is the proxy where it is unknown", "10.0.0.7", "unknown", "10.0.0.7"],
    [
      "is the last that is known",
      "127.0.0.1",
      "198.51.100.6, _hidden, 10.0.0.7",
      "10.0.0.7",
    ],
    ["is not what is no address", "::1", "198.51.100.6, 1.2.3.4.5", "::1"],
  ];
  for (const [what, peer, chain, expected] of cases) {
    it(what, () => assert.equal(client(peer, chain), expected));
  }

  const strangers = ["203.0.113.9", "11.0.0.1", "192.0.2.2", "fe80::1"];
  for (const peer of [...strangers, "unknown"]) {
    it(`is not believed to ${peer}`, () =>
      assert.equal(client(peer, "127.0.0.1"), undefined));
  }

  it("is believed to nobody where nobody is trusted", () => {
    const headers = new Headers({ "x-forwarded-for": "203.0.113.9" });
    const none = new TrustedProxies([]);
    assert.equal(none.forwarded("127.0.0.1", headers), undefined);
  });
});

describe("the url by which a client asked a proxy", () => {
  const cases: [string, string, string, string][] = [
    ["has its host", "mcp.test", "", "http://mcp.test/a/mcp?x=1"],
    [
      "has its port",
      "mcp.test:8443",
      "https",
      "https://mcp.test:8443/a/mcp?x=1",
    ],
    ["has its protocol", "", "HTTPS", "https://127.0.0.1:8080/a/mcp?x=1"],
    [
      "is what the nearest proxy says",
      "evil.test, mcp.test",
      "http, https",
      "https://mcp.test/a/mcp?x=1",
    ],
    [
      "is not made of what is no host or protocol",
      "mcp.test/evil",
      "ftp",
      "http://127.0.0.1:8080/a/mcp?x=1",
    ],
  ];
  for (const [what, host, protocol, expected] of cases) {
    it(what, () => {
      const headers = new Headers();
      if (host) headers.set("x-forwarded-host", host);
      if (protocol) headers.set("x-forwarded-proto", protocol);
      const forwarded = proxies.forwarded("127.0.0.1", headers);
      assert.ok(forwarded);
      const url = new URL("http://127.0.0.1:8080/a/mcp?x=1");
      assert.equal(publicUrl(url, forwarded).href, expected);
    });
  }
});
