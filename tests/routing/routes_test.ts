// Which endpoint a path leads to.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { basePathOf, routeOf } from "../../lib/routing/routes.ts";

describe("routes", () => {
  it("lead from a server's paths to its endpoints, with or without a slash at the end", () => {
    for (const leaf of ["sse", "messages", "mcp"] as const) {
      const expected = { kind: "server", server: "files", leaf };
      assert.deepEqual(routeOf(`/files/${leaf}`, ""), expected);
      assert.deepEqual(routeOf(`/files/${leaf}/`, ""), expected);
    }
  });

  it("take a path with the base path of the public url and one without", () => {
    const expected = { kind: "server", server: "files", leaf: "mcp" };
    assert.deepEqual(routeOf("/tools/files/mcp", "/tools"), expected);
    assert.deepEqual(routeOf("/files/mcp", "/tools"), expected);
    assert.equal(routeOf("/toolsfiles/mcp", "/tools").kind, "server");
  });

  it("decode a server's name once, and survive what cannot be decoded", () => {
    assert.deepEqual(routeOf("/a%2Fb/mcp", ""), {
      kind: "server",
      server: "a/b",
      leaf: "mcp",
    });
    assert.equal(routeOf("/%E0%A4%A/mcp", "").kind, "server");
  });

  it("recognise the places where clients look for OAuth", () => {
    const paths = [
      "/.well-known/oauth-protected-resource",
      "/.well-known/oauth-protected-resource/files/mcp",
      "/.well-known/oauth-authorization-server/files/mcp",
      "/.well-known/openid-configuration",
      "/files/mcp/.well-known/openid-configuration",
      "/register",
      "/authorize",
      "/token",
    ];
    for (const path of paths) {
      assert.equal(routeOf(path, "").kind, "oauth_discovery", path);
    }
  });

  it("lead nowhere else", () => {
    const paths = [
      "/",
      "/files",
      "/files/mcp/x",
      "/.well-known/x",
    ];
    for (const path of paths) {
      assert.equal(routeOf(path, "").kind, "unknown", path);
    }
  });

  it("take the base path from the public url without its last slash", () => {
    assert.equal(basePathOf(new URL("https://host/a/b/")), "/a/b");
    assert.equal(basePathOf(new URL("https://host/")), "");
    assert.equal(basePathOf(undefined), "");
  });
});
