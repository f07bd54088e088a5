// What a token may do: every rule that applies has to let it through.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Policy } from "../../lib/auth/policy.ts";
import type { PatternList } from "../../lib/auth/scope.ts";
import type { Capability, OfferKind } from "../../lib/principal.ts";
import { read } from "../config/marked.ts";

const TOKENS = {
  free: "free-0123456789abcdef",
  some: {
    value: "some-0123456789abcdef",
    tools: { allow: ["read_*", "query"], deny: ["*_secret"] },
    prompts: { allow: [] },
    resources: { allow: ["file:///srv/*"], deny: ["*.key"] },
  },
  careful: { value: "careful-0123456789", readOnly: true },
  here: {
    value: "here-0123456789abcdef",
    tools: { deny: ["drop"] },
    servers: {
      files: { tools: { allow: ["read_*"] }, readOnly: true },
    },
  },
  lax: {
    value: "lax-0123456789abcdef",
    tools: {},
    prompts: { deny: [] },
    readOnly: false,
  },
};

const SERVERS = {
  files: {
    command: "c",
    toolFilter: { mode: "deny", tools: ["write_*", "read_all"] },
  },
  api: { command: "c", toolFilter: { mode: "allow", tools: ["get_*"] } },
  plain: { command: "c" },
  theirs: { command: "c", authTokens: ["free"] },
};

const TEXT = JSON.stringify(
  {
    proxy: {
      addr: "127.0.0.1:0",
      auth: { kind: "bearer_token", tokens: TOKENS },
    },
    mcpServers: SERVERS,
  },
  undefined,
  1,
);
const { rules } = read(TEXT);

function policyOf(token: string): Policy {
  assert.ok(rules);
  return new Policy(token, rules);
}

function tool(token: string, server: string, name: string, hint?: boolean) {
  const asked = { kind: "tool", server, name } as const;
  return policyOf(token).allows(
    hint === undefined ? asked : { ...asked, readOnlyHint: hint },
  );
}

/** The line where a text stands. */
function lineOf(text: string): number {
  const lines = TEXT.split("\n");
  const at = lines.findIndex((line) => line.includes(text));
  assert.ok(at >= 0, text);
  return at + 1;
}

describe("a token without rules", () => {
  it("may use everything of its servers", () => {
    const asked: Capability[] = [
      { kind: "tool", server: "plain", name: "drop" },
      { kind: "prompt", server: "plain", name: "p" },
      { kind: "resource", server: "plain", uri: "file:///" },
    ];
    for (const one of asked) {
      assert.deepEqual(policyOf("free").allows(one), {
        allowed: true,
        rule: "no rule restricts it",
      });
    }
    assert.deepEqual(policyOf("free").restricted("plain"), new Set());
  });

  it("is held to the filter of a server", () => {
    assert.deepEqual(tool("free", "files", "write_file"), {
      allowed: false,
      rule: 'toolFilter of server "files" denies "write_*"',
      line: lineOf('"write_*"'),
    });
    assert.equal(tool("free", "files", "read_file").allowed, true);
    assert.equal(tool("free", "api", "get_user").allowed, true);
    assert.deepEqual(tool("free", "api", "set_user"), {
      allowed: false,
      rule: 'toolFilter of server "api" does not list it',
      line: lineOf('"get_*"') - 1,
    });
  });

  it("is not restricted by rules that say nothing", () => {
    assert.deepEqual(policyOf("lax").restricted("plain"), new Set());
  });
});

describe("the rules of a token", () => {
  it("let through what their allow list has and their deny list has not", () => {
    assert.deepEqual(tool("some", "plain", "query"), {
      allowed: true,
      rule: 'proxy.auth.tokens.some.tools.allow[1] is "query"',
      line: lineOf('"query"'),
    });
    assert.deepEqual(tool("some", "plain", "drop"), {
      allowed: false,
      rule: "proxy.auth.tokens.some.tools.allow does not list it",
      line: lineOf('"read_*"') - 1,
    });
    assert.deepEqual(tool("some", "plain", "read_secret"), {
      allowed: false,
      rule: 'proxy.auth.tokens.some.tools.deny[0] is "*_secret"',
      line: lineOf('"*_secret"'),
    });
  });

  it("hold for prompts by name and for resources by uri", () => {
    const may = (asked: Capability) => policyOf("some").allows(asked);
    const server = "plain";
    const prompt = may({ kind: "prompt", server, name: "p" });
    assert.equal(prompt.allowed, false);
    assert.match(prompt.rule, /some\.prompts\.allow does not list it$/);
    const uris: [string, boolean][] = [
      ["file:///srv/a", true],
      ["file:///srv/{path}", true],
      ["file:///srv/a.key", false],
      ["file:///etc/passwd", false],
    ];
    for (const [uri, allowed] of uris) {
      assert.equal(may({ kind: "resource", server, uri }).allowed, allowed);
    }
  });

  it("tell which kinds they restrict", () => {
    const restricted = (token: string, server: string) =>
      [...policyOf(token).restricted(server)].join(" ");
    const all: OfferKind[] = ["tool", "prompt", "resource"];
    assert.equal(restricted("some", "plain"), all.join(" "));
    assert.equal(restricted("careful", "plain"), "tool");
    assert.equal(restricted("free", "files"), "tool");
    assert.equal(restricted("lax", "theirs"), all.join(" "));
    assert.equal(restricted("free", "nowhere"), all.join(" "));
  });

  it("cannot give what the filter of the server takes away", () => {
    assert.equal(tool("some", "files", "read_all").allowed, false);
    assert.equal(tool("some", "files", "read_file").allowed, true);
    assert.equal(tool("some", "api", "get_user").allowed, false);
  });

  it("for one server come on top of those for all", () => {
    assert.equal(tool("here", "files", "read_file", true).allowed, true);
    assert.equal(tool("here", "files", "drop", true).allowed, false);
    assert.deepEqual(tool("here", "files", "list", true), {
      allowed: false,
      rule: "proxy.auth.tokens.here.servers.files.tools.allow does not list it",
      line: TEXT.split("\n").findIndex((line, at) =>
        line.includes('"allow"') && at > lineOf('"files"')
      ) + 1,
    });
    assert.equal(tool("here", "plain", "list").allowed, true);
    assert.equal(tool("here", "plain", "drop").allowed, false);
  });

  it("open no server", () => {
    const denied = tool("some", "theirs", "query");
    assert.equal(denied.allowed, false);
    assert.match(denied.rule, /^authTokens of server "theirs" does not list/);
  });
});

describe("a narrowing", () => {
  const path = "-only";
  const patterns = [{ path, text: "read_*", shown: '"read_*"' }];
  const only = {
    path,
    servers: new Map<string, PatternList | "all">([
      ["files", { path, patterns }],
      ["plain", "all"],
      ["theirs", "all"],
    ]),
  };

  function narrowed(token: string): Policy {
    assert.ok(rules);
    const scope = rules.scopes.get(token) ?? { servers: new Map() };
    const scopes = new Map([[token, { ...scope, only }]]);
    return new Policy(token, { ...rules, scopes });
  }

  it("closes the servers that it does not name, and opens none", () => {
    const use = (token: string, server: string) =>
      narrowed(token).allows({ kind: "server", server });
    assert.equal(use("free", "plain").allowed, true);
    assert.deepEqual(use("free", "api"), {
      allowed: false,
      rule: '-only does not name server "api"',
    });
    assert.match(use("some", "theirs").rule, /^authTokens of server "theirs"/);
  });

  it("leaves of a server the tools that it names, and nothing else", () => {
    const policy = narrowed("free");
    const server = "files";
    const call = (name: string) =>
      policy.allows({ kind: "tool", server, name });
    assert.equal(call("read_file").allowed, true);
    assert.deepEqual(call("list"), {
      allowed: false,
      rule: "-only does not list it",
    });
    assert.equal(policy.restricted(server).size, 3);
    const prompt = policy.allows({ kind: "prompt", server, name: "p" });
    const resource = policy.allows({ kind: "resource", server, uri: "x:y" });
    assert.deepEqual([prompt.allowed, resource.allowed], [false, false]);
    assert.equal(policy.restricted("plain").size, 0);
  });

  it("gives nothing that other rules take", () => {
    const call = (token: string, name: string) =>
      narrowed(token).allows({ kind: "tool", server: "files", name });
    assert.match(call("free", "read_all").rule, /^toolFilter of server/);
    assert.match(call("some", "read_secret").rule, /tools\.deny\[0\]/);
  });
});

describe("readOnly", () => {
  it("lets through a tool that says readOnlyHint, and no other", () => {
    assert.equal(tool("careful", "plain", "query", true).allowed, true);
    assert.deepEqual(tool("careful", "plain", "query", false), {
      allowed: false,
      rule:
        'readOnly of token "careful": the tool\'s annotations do not say readOnlyHint',
      line: TEXT.split("\n").findIndex((line) =>
        line.includes('"readOnly": true')
      ) + 1,
    });
  });

  it("is left open where the annotation is all that is not known", () => {
    const open = tool("careful", "plain", "query");
    assert.equal(open.allowed, false);
    assert.equal(open.dependsOn, "readOnlyHint");
    const settled = tool("careful", "files", "write_file");
    assert.equal(settled.allowed, false);
    assert.equal(settled.dependsOn, undefined);
  });

  it("for one server names the server", () => {
    assert.match(
      tool("here", "files", "read_file", false).rule,
      /^readOnly of token "here" for server "files": /,
    );
  });

  it("leaves prompts and resources alone", () => {
    const prompt = { kind: "prompt", server: "plain", name: "p" } as const;
    assert.equal(policyOf("careful").allows(prompt).allowed, true);
  });
});
