// The paths of OAuth: the metadata of resources, and the prefix at which static tokens alone are taken.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { routeOf, routeOfUrl } from "../../lib/routing/routes.ts";

const METADATA = "/.well-known/oauth-protected-resource";

function about(path: string, basePath = "", staticPath?: string) {
  const route = routeOf(path, basePath, staticPath);
  return route.kind === "oauth_discovery" ? route.about : route.kind;
}

describe("the metadata of a resource", () => {
  it("is about what its path leads to", () => {
    assert.deepEqual(about(`${METADATA}/files/mcp`), {
      kind: "server",
      server: "files",
      leaf: "mcp",
    });
    assert.deepEqual(about(`${METADATA}/sse/`), { kind: "root", leaf: "sse" });
    assert.equal(about(METADATA), "whole");
    assert.equal(about(`${METADATA}/`), "whole");
  });

  it("has the base path behind it, before it, or nowhere, as proxies do", () => {
    const file = { kind: "server", server: "files", leaf: "mcp" };
    for (
      const path of [
        `${METADATA}/tools/files/mcp`,
        `/tools${METADATA}/files/mcp`,
        `${METADATA}/files/mcp`,
      ]
    ) {
      assert.deepEqual(about(path, "/tools"), file, path);
    }
    assert.equal(about(`${METADATA}/tools`, "/tools"), "whole");
  });

  it("is about nothing where its path is none of ours", () => {
    for (const path of [`${METADATA}x`, "/.well-known/openid-configuration"]) {
      assert.notEqual(about(path), "whole");
    }
    assert.deepEqual(about(`${METADATA}/files`), {
      kind: "unknown",
      server: "files",
    });
  });

  it("says so where that is at the path for static tokens", () => {
    const found = about(`${METADATA}/static/files/mcp`, "", "/static");
    assert.equal((found as { isStatic?: boolean }).isStatic, true);
  });
});

describe("the path for static tokens", () => {
  it("leads to the same endpoints, once", () => {
    const at = (path: string) => routeOf(path, "/tools", "/static");
    const file = {
      kind: "server",
      server: "files",
      leaf: "mcp",
      isStatic: true,
    };
    assert.deepEqual(at("/static/files/mcp"), file);
    assert.deepEqual(at("/tools/static/files/mcp"), file);
    assert.deepEqual(at("/static/mcp"), {
      kind: "root",
      leaf: "mcp",
      isStatic: true,
    });
    for (const path of ["/static", "/static/static/mcp/x", "/static/health"]) {
      assert.deepEqual(at(path), { kind: "unknown", isStatic: true }, path);
    }
  });

  it("is a path like any other where there is none", () => {
    const { kind } = routeOf("/static/mcp", "");
    assert.equal(kind, "server");
  });

  it("leads to the server in the query, too", () => {
    const url = new URL("http://gw.example/static/mcp?server=files");
    assert.deepEqual(routeOfUrl(url, "", "/static"), {
      kind: "server",
      server: "files",
      leaf: "mcp",
      isStatic: true,
      byQuery: true,
    });
  });
});
