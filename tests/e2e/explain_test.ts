// `mcp-front explain` as a process: what it prints and how it ends, with the servers and without them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertClean, listing } from "../support/check_report.ts";
import { runCheck } from "../support/check_run.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";

const VALUES = {
  FREE_TOKEN: "free-token-that-is-long-enough",
  CAREFUL_TOKEN: "careful-token-that-is-long-enough",
};

const TOKENS = {
  free: "$env:FREE_TOKEN",
  careful: {
    value: "$env:CAREFUL_TOKEN",
    tools: { deny: ["claims"] },
    readOnly: true,
  },
};

const SERVERS = {
  files: listing("annotated", {
    toolFilter: { mode: "deny", tools: ["*b"] },
  }),
  empty: listing("none"),
  broken: { command: "no-such-program" },
  theirs: { command: "no-such-program", authTokens: ["free"] },
};

async function explain(
  args: readonly string[],
  { env = {}, mcpServers = SERVERS, tokens = TOKENS }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly mcpServers?: Readonly<Record<string, unknown>>;
    readonly tokens?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const auth = { kind: "bearer_token", tokens };
  const config = JSON.stringify(configWith(mcpServers, { auth }), undefined, 1);
  const end = await runCheck({ config, command: "explain", args, env });
  const said = end.stdout + end.stderr;
  for (const value of Object.values(VALUES)) {
    assert.ok(!said.includes(value), said);
  }
  return end;
}

/** Without the runs of spaces and the numbers of lines. */
function squeezed(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/jsonc:\d+/g, "jsonc:N");
}

describe("mcp-front explain", () => {
  it("needs no variable to be set, and starts nothing", LIMIT, async () => {
    const end = await explain(["-token", "careful", "--tool", "read"]);
    assert.equal(end.code, 0, end.stderr);
    assertClean(end);
    const depends =
      'read depends config.jsonc:N readOnly of token "careful": it depends on the tool\'s readOnlyHint';
    assert.equal(
      squeezed(end.stdout),
      `\
server tool verdict line rule
files ${depends}
empty ${depends}
broken ${depends}
theirs read denied config.jsonc:N authTokens of server "theirs" does not list "careful"

"careful" may call "read" on 0 of 4 servers, 3 depend
`,
    );
  });

  it("goes through the tools of the servers as the token", LIMIT, async () => {
    const end = await explain(["-token", "careful", "-connect"], {
      env: VALUES,
    });
    assert.equal(end.code, 1, end.stderr);
    assertClean(end);
    const own = 'readOnly of token "careful": the tool\'s annotations';
    assert.equal(
      squeezed(end.stdout),
      `\
server tool verdict line rule
files read allowed config.jsonc:N ${own} say readOnlyHint
files claims denied config.jsonc:N proxy.auth.tokens.careful.tools.deny[0] is "claims"
files write denied config.jsonc:N ${own} do not say readOnlyHint
files a\\u001b[2Jb denied config.jsonc:N toolFilter of server "files" denies "*b"
empty allowed config.jsonc:N server "empty" has no authTokens: any valid token
 it has no tools
broken allowed config.jsonc:N server "broken" has no authTokens: any valid token
 Server "broken" cannot be started: command "no-such-program" not found
 hint: install it, or give its full path; it is looked for on the PATH of the server's environment
theirs denied config.jsonc:N authTokens of server "theirs" does not list "careful"

"careful" may use 3 of 4 servers and 1 of 4 tools; 1 failed
`,
    );
  });

  it("looks for one tool on one server", LIMIT, async () => {
    const args = ["-token", "free", "-connect", "-server", "files", "-json"];
    const asked = async (tool: string) => {
      const { code, stdout } = await explain([...args, "-tool", tool], {
        env: VALUES,
      });
      assert.equal(code, 0);
      const { servers } = JSON.parse(stdout);
      assert.equal(servers.length, 1);
      return servers[0].tools;
    };
    assert.deepEqual(await asked("write"), [{
      name: "write",
      verdict: "allowed",
      rule: 'toolFilter of server "files" does not list it',
      line: (await asked("write"))[0].line,
    }]);
    assert.deepEqual(await asked("writ"), [{
      name: "writ",
      verdict: "absent",
      rule: 'the server has no such tool; did you mean "write"?',
      line: null,
    }]);
  });

  const wrong: [string, readonly string[], string, string][] = [
    [
      "without a token",
      [],
      "explain needs the name of a token",
      "write -token NAME; the tokens are: free, careful",
    ],
    [
      "for an unknown token",
      ["-token", "carefull"],
      'there is no token "carefull" in config.jsonc',
      'did you mean "careful"? the tokens are: free, careful',
    ],
    [
      "for an unknown server",
      ["-token", "free", "-server", "file"],
      'there is no server "file" in config.jsonc',
      'did you mean "files"? the servers are: files, empty, broken, theirs',
    ],
    [
      "for an unknown server to connect to",
      ["-token", "free", "-server", "file", "-connect"],
      'there is no server "file" in config.jsonc',
      'did you mean "files"? the servers are: files, empty, broken, theirs',
    ],
    [
      "for the value of a token",
      ["-token", VALUES.FREE_TOKEN],
      "-token takes the name of a token, and this is the value of one",
      "write -token free",
    ],
  ];
  for (const [what, args, error, hint] of wrong) {
    it(`ends with 2 ${what}`, LIMIT, async () => {
      const end = await explain(args, { env: VALUES });
      assert.deepEqual([end.code, end.stdout], [2, ""]);
      assert.equal(
        end.stderr,
        `mcp-front: error: ${error}\nmcp-front: hint: ${hint}\n`,
      );
    });
  }

  it("ends with 2 for a file that is wrong", LIMIT, async () => {
    const mcpServers = { files: { comand: "c" } };
    const end = await explain(["-token", "free"], { mcpServers });
    assert.deepEqual([end.code, end.stdout], [2, ""]);
    assert.match(
      end.stderr,
      /^config\.jsonc:\d+:\d+: error: mcpServers\.files/,
    );
    assert.match(
      end.stderr,
      /^mcp-front: error: config\.jsonc cannot be used/m,
    );
  });

  it("does not guess a rule that only a variable tells", LIMIT, async () => {
    const tokens = {
      ...TOKENS,
      some: { value: "$env:FREE_TOKEN", tools: { deny: ["$env:DENIED|x"] } },
    };
    const open = await explain(["-token", "some"], { tokens });
    assert.deepEqual([open.code, open.stdout], [2, ""]);
    assert.match(open.stderr, /come from variables or files: DENIED$/m);
    const env = { ...VALUES, FREE_TOKEN: "another-one-0123456789" };
    const { free: _, ...others } = tokens;
    const mcpServers = { files: SERVERS.files };
    const known = await explain(
      ["-token", "some", "-tool", "x"],
      { tokens: others, env, mcpServers },
    );
    assert.equal(known.code, 0, known.stderr);
    assert.match(
      known.stdout,
      /tools\.deny\[0\] is the value in the default of DENIED$/m,
    );
  });

  it(
    "tells when a token ends, also where no address is known",
    LIMIT,
    async () => {
      const ends = { value: "$env:ENDS_TOKEN", expires: "2999-12-31" };
      const mcpServers = { files: { url: "$env:FILES_URL" } };
      const end = await explain(
        ["-token", "ends"],
        { tokens: { ends }, mcpServers },
      );
      assert.deepEqual([end.code, end.stderr], [0, ""]);
      assert.match(
        end.stdout,
        /^"ends" may use 1 of 1 server; it is valid until 3000-01-01T00:00:00Z$/m,
      );
    },
  );

  it("tells warnings on stderr, and goes on", LIMIT, async () => {
    const mcpServers = { files: { command: "c", authTokens: [] } };
    const end = await explain(["-token", "free"], { mcpServers });
    assert.equal(end.code, 0);
    assert.match(end.stderr, /^config\.jsonc:\d+:\d+: warning: mcpServers/);
    assert.match(end.stdout, /^"free" may use 0 of 1 server$/m);
  });
});
