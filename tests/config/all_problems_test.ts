// One reading tells everything that is wrong, each with its line and column.

import assert from "node:assert/strict";
import { it } from "node:test";
import { formatProblem } from "../../lib/config/problems.ts";
import { read } from "./marked.ts";

const TEXT = `{
  "version": 1,
  "proxy": {
    "baseUrl": "gateway",
    "addr": "8080",
    "auth": {
      "kind": "bearer_token",
      "tokens": {
        "dev": "",
        "ops": "has space in it 1234",
        "one": "$env:ONE",
        "two": "same-same-same-same",
        "three": "same-same-same-same",
        "unset": "$env:UNSET"
      }
    },
    "colour": "red"
  },
  "mcpServers": {
    "health": { "command": "a", "command": "b" },
    "both": { "command": "a", "url": "http://h" },
    "typo": { "comand": "a", "authTokens": ["dve"] },
    "types": { "command": "a", "args": [1], "env": [], "timeout": "5" },
    "remote": { "url": "$env:REMOTE", "headers": { "Host": "h" } }
  },
}`;

it("every problem of a file is told at once, in the order of the file", () => {
  const { config, problems } = read(TEXT, {
    environment: { ONE: "in,valid", REMOTE: "nowhere" },
  });
  assert.equal(config, undefined);
  const told = problems.map((problem) =>
    formatProblem(problem).replace(/^test\.jsonc:/, "").replace(/ \(hint.*/, "")
  );
  assert.deepEqual(told, [
    '2:14: error: version: found a number, wanted the string "1.0"',
    "4:16: error: proxy.baseUrl: found no url, wanted one that begins with http:// or https://",
    "5:13: error: proxy.addr: found no address, wanted host:port, [IPv6]:port or :port",
    "9:16: error: proxy.auth.tokens.dev: found an empty token",
    "10:16: error: proxy.auth.tokens.ops: found white space in a token",
    "11:16: error: proxy.auth.tokens.one: found a character in a token that is not visible ASCII, or a comma or double quote in ONE",
    '13:18: error: proxy.auth.tokens.three: tokens "two" and "three" have the same value; each name wants its own',
    "14:18: error: proxy.auth.tokens.unset: the environment variable UNSET is not set",
    '17:5: error: proxy.colour: unknown key "colour"',
    '20:5: error: mcpServers.health: "health" is a path of the gateway itself',
    "20:33: error: mcpServers.health.command: this key already stands on line 20; each key may stand once",
    '21:5: error: mcpServers.both: found both "url" and "command", wanted one of them',
    "22:5: error: mcpServers.typo: found no url and no command, wanted one of them",
    '22:15: error: mcpServers.typo.comand: unknown key "comand"',
    '22:45: error: mcpServers.typo.authTokens[0]: found "dve", wanted the name of a token in proxy.auth.tokens',
    "23:41: error: mcpServers.types.args[0]: found a number, wanted a string",
    "23:52: error: mcpServers.types.env: found an array, wanted an object of strings by variable name",
    "23:67: error: mcpServers.types.timeout: found a string, wanted a number of milliseconds",
    "24:24: error: mcpServers.remote.url: found no url in REMOTE, wanted one that begins with http:// or https://",
    "24:52: error: mcpServers.remote.headers.Host: this header is set by the gateway itself; leave it out",
  ]);
});
