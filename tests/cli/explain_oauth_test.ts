// What `mcp-front explain` prints of callers with access tokens.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { oauthRules } from "../../lib/auth/oauth/oauth_policy.ts";
import type { CallerRules } from "../../lib/auth/oauth/options.ts";
import { accessRulesOf } from "../../lib/config/access_rules.ts";
import { callerOf, grantsOf } from "../../lib/cli/explain/caller.ts";
import type { CallerWords } from "../../lib/cli/explain/caller.ts";
import { explainedFrom } from "../../lib/cli/explain/connected.ts";
import { explained } from "../../lib/cli/explain/explanation.ts";
import type { Question } from "../../lib/cli/explain/explanation.ts";
import { explanationJson } from "../../lib/cli/explain/explanation_json.ts";
import { explanationText } from "../../lib/cli/explain/explanation_text.ts";
import { planFor } from "../../lib/cli/explain/plan_for.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { parseArguments } from "../../lib/cli/arguments.ts";
import { CommandError } from "../../lib/cli/command_error.ts";
import { read } from "../config/marked.ts";

const FILE = `{
  "proxy": { "addr": "127.0.0.1:0", "baseUrl": "https://gw.example", "auth": {
    "kind": "oauth", "issuer": "https://login.example",
    "groupsClaim": "realm_access.roles",
    "tokens": { "dev": "dev-0123456789abcdef" },
    "scopes": {
      "read": { "tools": { "allow": ["read_*"] }, "readOnly": true },
      "write": { "tools": { "deny": ["drop"] } },
      "all": {}
    }
  } },
  "mcpServers": {
    "open": { "command": "c" },
    "scoped": { "command": "c", "authScopes": ["db:use"],
      "toolFilter": { "mode": "deny", "tools": ["x"] } },
    "grouped": { "command": "c", "authTokens": ["dev"], "authGroups": ["sre"] },
    "closed": { "command": "c", "authTokens": ["dev"] }
  }
}`;

function loaded(text = FILE) {
  const { config, rules } = read(text);
  assert.ok(config && rules);
  return { config, rules };
}

function questionOf(
  words: CallerWords,
  more: { readonly server?: string; readonly tool?: string } = {},
): Question {
  const caller = callerOf(words, loaded().rules.oauth, "c");
  assert.ok(caller);
  return { caller, ...more };
}

function textOf(question: Question): string {
  const servers = explained(question, loaded().rules);
  const subject = { ...question, file: "c" };
  return explanationText(servers, subject, { palette: PLAIN });
}

describe("the explanation of a caller", () => {
  it("tells for each server what is missing, or what restricts its offers", () => {
    assert.equal(
      textOf(questionOf({ scopes: "read", groups: "sre,ops" })),
      `\
server   verdict  line  rule
open     allowed  c:13  server "open" has no authScopes: any valid access token
  tools      c:7  proxy.auth.scopes.read.tools.allow: "read_*"
             c:7  proxy.auth.scopes.read.readOnly: only what says readOnlyHint
  prompts    no rule restricts them
  resources  no rule restricts them
scoped   denied   c:14  authScopes of server "scoped" needs "db:use"; scopes to ask for: db:use
grouped  allowed  c:16  authGroups of server "grouped" lists a group of the caller
  tools      c:7  proxy.auth.scopes.read.tools.allow: "read_*"
             c:7  proxy.auth.scopes.read.readOnly: only what says readOnlyHint
  prompts    no rule restricts them
  resources  no rule restricts them
closed   denied   c:17  server "closed" has authTokens and neither authScopes nor authGroups: only listed tokens

a caller with scope "read", groups "sre", "ops" may use 2 of 4 servers
`,
    );
  });

  it("puts the rules of several scopes beside each other: one is enough", () => {
    const two = textOf(
      questionOf({ scopes: "read write db:use" }, { server: "scoped" }),
    );
    assert.match(two, /toolFilter of server "scoped" denies "x"\n/);
    assert.match(two, /proxy\.auth\.scopes\.read\.tools\.allow: "read_\*"\n/);
    assert.match(two, / or proxy\.auth\.scopes\.write\.tools\.deny: "drop"\n/);
    const all = textOf(questionOf({ scopes: "read all" }, { server: "open" }));
    assert.match(all, /tools {6}no rule restricts them/);
  });

  it("names the scope with which a tool could be called", () => {
    const text = textOf(
      questionOf({ scopes: "read" }, { server: "open", tool: "write" }),
    );
    assert.match(text, /write {2}denied .* scopes to ask for: write$/m);
    assert.match(text, /may call "write" on 0 of 1 server$/m);
  });

  it("tells of a caller without scopes", () => {
    const text = textOf(questionOf({ scopes: "" }, { server: "open" }));
    assert.match(text, /denied .* scopes to ask for: read$/m);
    assert.match(text, /^a caller without scopes may use 0 of 1 server$/m);
  });

  it("gives the same as JSON", () => {
    const question = questionOf({ scopes: "a", email: "x@example.com" });
    const json = explanationJson(explained(question, loaded().rules), {
      ...question,
      file: "c",
    });
    const { token, caller, servers } = JSON.parse(json);
    assert.equal(token, undefined);
    assert.deepEqual(caller, {
      scopes: ["a"],
      groups: [],
      email: "x@example.com",
    });
    assert.equal(servers.length, 4);
  });
});

describe("a caller that is asked about", () => {
  const rulesOf = (options: CallerRules) => oauthRules(options, new Map());
  const oauth = () => {
    const { oauth } = loaded(
      FILE.replace(`"tokens"`, `"allowedDomains": ["example.com"], "tokens"`),
    ).rules;
    assert.ok(oauth);
    return oauth;
  };

  it("is read as a token would be", () => {
    const words = {
      scopes: "a b,a",
      groups: "on call, sre,",
      email: "me@example.com",
    };
    const caller = callerOf(words, oauth(), "c");
    assert.ok(caller);
    assert.deepEqual(grantsOf(caller, rulesOf(oauth())), {
      scopes: ["a", "b"],
      groups: ["on call", "sre"],
      isOfDomain: true,
    });
  });

  it("has an address of an allowed domain, or none", () => {
    for (const email of ["me@sub.example.com", "me", undefined]) {
      const caller = callerOf({ scopes: "a", email }, oauth(), "c");
      assert.ok(caller);
      assert.equal(grantsOf(caller, rulesOf(oauth())).isOfDomain, false, email);
    }
  });

  it("is none where nothing was typed, and refused where none can come", () => {
    assert.equal(callerOf({}, undefined, "c"), undefined);
    assert.throws(
      () => callerOf({ scopes: "" }, undefined, "c"),
      (error: unknown) =>
        error instanceof CommandError &&
        error.message === "c takes no access tokens",
    );
  });

  it("may be typed without any scope, but not without an address", async () => {
    const parsed = await parseArguments(["explain", "-scopes", ""]);
    assert.ok(parsed.kind === "explain");
    assert.equal(parsed.caller.scopes, "");
    await assert.rejects(
      parseArguments(["explain", "-email", ""]),
      { message: "-email needs an e-mail address" },
    );
    await assert.rejects(
      parseArguments(["explain", "-scopes", "-json"]),
      { message: "-scopes needs scopes" },
    );
  });
});

describe("the tools that a caller may call, from the servers", () => {
  it("are asked for where the caller may come in", () => {
    const { config } = loaded();
    const question = questionOf({ scopes: "read", groups: "sre" });
    const steps = planFor(question, config, "c")
      .map(({ server, kind }) => [server.name, kind]);
    assert.deepEqual(steps, [
      ["open", "visit"],
      ["scoped", "omission"],
      ["grouped", "visit"],
      ["closed", "omission"],
    ]);
  });

  it("are judged with what they say of themselves", () => {
    const offers = ["read_a", "read_b", "write"].map((name) => ({
      name,
      annotations: { readOnlyHint: name === "read_a" },
    }));
    const report = {
      name: "open",
      transport: "stdio",
      status: "ready",
      offers,
      greeting: { connectMs: 1 },
    } as const;
    const question = questionOf({ scopes: "read" }, { server: "open" });
    const [server] = explainedFrom([report], question, {
      rules: accessRulesOf(loaded().config),
      presentable: (text: string) => text,
    });
    assert.deepEqual(
      server?.tools?.map(({ name, verdict }) => [name, verdict]),
      [["read_a", "allowed"], ["read_b", "denied"], ["write", "denied"]],
    );
  });
});
