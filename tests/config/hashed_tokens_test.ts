// Tokens of which the file has only the SHA-256.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf } from "../../lib/auth/token.ts";
import { DOCUMENTED_TOKENS } from "../../lib/config/documented_tokens.ts";
import { hashText } from "../../lib/config/token_hash.ts";
import { assertError, read, withTokens } from "./marked.ts";

const TOKEN = "a-token-that-nobody-guesses";
const DIGEST = digestOf(TOKEN);
const BASE64 = Buffer.from(DIGEST, "hex").toString("base64");
const DEV = "proxy.auth.tokens.dev";

function digests(text: string, environment = {}) {
  const { config, problems } = read(text, {
    environment,
    readFile: () => ({ text: `${hashText(TOKEN)}\n`, mode: 0o600 }),
  });
  assert.deepEqual(problems, []);
  return [...config?.tokens ?? []].map(([name, { digest, value }]) => [
    name,
    digest.reveal(),
    value,
  ]);
}

describe("a hashed token", () => {
  const forms: [string, string][] = [
    ["in hexadecimal digits", `sha256:${DIGEST}`],
    ["in capital ones", `sha256:${DIGEST.toUpperCase()}`],
    ["in base64", `sha256:${BASE64}`],
    ["in base64 without padding", `sha256:${BASE64.replace("=", "")}`],
    [
      "in base64 for urls",
      `sha256:${BASE64.replaceAll("+", "-").replaceAll("/", "_")}`,
    ],
    ["in a variable", "$env:HASH"],
    ["in a default", `$env:UNSET|sha256:${DIGEST}`],
    ["in a file", "$file:secrets/dev"],
  ];
  for (const [what, written] of forms) {
    it(`may be written ${what}, in the short form and in the long`, () => {
      const environment = { HASH: `sha256:${DIGEST}` };
      const expected = [["dev", DIGEST, undefined]];
      const raw = JSON.stringify(written);
      assert.deepEqual(
        digests(withTokens(`"dev": ${raw}`), environment),
        expected,
      );
      const long = `"dev": { "value": ${raw} }`;
      assert.deepEqual(digests(withTokens(long), environment), expected);
    });
  }

  const bad: [string, string, RegExp][] = [
    ["nothing after it", "sha256:", /no SHA-256 after "sha256:"/],
    ["a digit too few", `sha256:${DIGEST.slice(1)}`, /no SHA-256/],
    ["a digit too many", `sha256:${DIGEST}0`, /no SHA-256/],
    ["no digits", `sha256:${"x".repeat(64)}`, /no SHA-256/],
    ["the token itself after it", `sha256:${TOKEN}`, /no SHA-256/],
    ["an empty token", hashText(""), /hash of an empty token/],
  ];
  for (const [what, written, message] of bad) {
    it(`is refused for ${what}`, () => {
      assertError(withTokens(`"dev": ▲"${written}"`), { path: DEV, message });
    });
  }

  it("of a token that is a name is refused: names are in the log", () => {
    const other = `"a-long-token-name": "${TOKEN}"`;
    const mine = `"dev": ▲"${hashText("a-long-token-name")}"`;
    assertError(withTokens(`${other}, ${mine}`), {
      path: DEV,
      message: /also a token's name/,
    });
  });

  it("that occurs twice is told with both names, also in two forms", () => {
    const message = /tokens "a" and "dev" have the same value/;
    for (const other of [TOKEN, `sha256:${DIGEST}`, `sha256:${BASE64}`]) {
      const mine = `"dev": ▲"sha256:${DIGEST}"`;
      const text = withTokens(`"a": "${other}",\n ${mine}`);
      assertError(text, { path: DEV, message });
    }
    const text = withTokens(
      `"a": "sha256:${DIGEST}",\n "dev": ▲"${TOKEN}"`,
    );
    assertError(text, { path: DEV, message });
  });

  it("gives no warning of its length, which is not known", () => {
    assert.deepEqual(
      digests(withTokens(`"dev": "${hashText("short")}"`)).length,
      1,
    );
  });

  it("that the documentation prints is a warning where others can connect", () => {
    const [documented = ""] = DOCUMENTED_TOKENS;
    const text = withTokens(`"dev": "${hashText(documented)}"`)
      .replace("127.0.0.1:0", "0.0.0.0:0");
    const messages = read(text).problems.map(({ message }) => message);
    assert.match(messages.join("\n"), /"dev" has a value that is printed/);
  });

  it("is found out where a child would get the whole token", () => {
    const text = withTokens(`"dev": "sha256:${DIGEST}"`)
      .replace(`"node"`, `"node", "env": { "KEY": ▲"${TOKEN}" }`);
    assertError(text, {
      path: "mcpServers.x.env.KEY",
      message: /found the value of the token "dev"/,
    });
  });

  it("is found out where its token stands in place of its name", () => {
    const text = withTokens(`"dev": "sha256:${DIGEST}"`)
      .replace(`"node"`, `"node", "authTokens": [▲"${TOKEN}"]`);
    assertError(text, {
      path: "mcpServers.x.authTokens[0]",
      message: /found the value of a token, wanted its name/,
      hint: /^write "dev"$/,
    });
  });
});
