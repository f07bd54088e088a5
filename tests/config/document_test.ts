// A config is JSON with comments, and a broken one is told with every line and column.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_DEPTH } from "../../lib/config/document.ts";
import { formatProblem } from "../../lib/config/problems.ts";
import { MAX_PROBLEMS } from "../../lib/config/report.ts";
import { assertError, read, withServer, withServers } from "./marked.ts";

const SOUND = withServer(`{ "command": "node" }`);

describe("the syntax of a config", () => {
  it("allows comments, trailing commas and a byte order mark", () => {
    const text = `\uFEFF// first\n${
      withServers(`/* a */ "x": { "command": "node", /* b */ }, // c\n`)
    }`;
    assert.deepEqual(read(text).problems, []);
  });

  it("tells several errors at once, and nothing but them", () => {
    const { config, problems } = read(
      `{\n  "proxy": [1 2],\n  "version": tru,\n  'a': 1,\n  "b" 2,\n  "c": "\n}`,
    );
    assert.equal(config, undefined);
    assert.deepEqual(
      problems.map((p) => `${p.line}:${p.column} ${p.severity} ${p.path}`),
      ["2:15 error ", "3:14 error ", "4:3 error ", "5:7 error ", "6:8 error "],
    );
    assert.match(problems[0].message, /comma/);
    assert.match(problems[3].message, /colon/);
  });

  it("counts lines that end in CR LF once", () => {
    const { problems } = read(SOUND.replaceAll("\n", "\r\n") + " x");
    assert.deepEqual(problems.map((p) => [p.line, p.column]), [[7, 5]]);
  });

  it("refuses an empty file, and one that is no object", () => {
    assertError("▲", { path: "", message: /found nothing in this file/ });
    assertError("▲[]", { path: "", message: /found an array, wanted an obj/ });
    assertError("▲null", { path: "", message: /found null, wanted an obj/ });
  });

  it("refuses text after the config", () => {
    assertError(`${SOUND} ▲{}`, { path: "", message: /end of the file/ });
  });

  it("refuses a duplicate key and says where the first is", () => {
    assertError(
      withServer(`{ "command": "node",\n ▲"command": "deno" }`),
      { path: "mcpServers.x.command", message: /already stands on line 6/ },
    );
  });

  it("tells duplicate keys that differ only in how they are escaped", () => {
    assertError(
      withServer(`{ "command": "node", ▲"c\\u006fmmand": "deno" }`),
      { path: "mcpServers.x.command", message: /already stands/ },
    );
  });

  it("refuses the key __proto__ everywhere and lets it reach no prototype", () => {
    assertError(
      withServers(`"x": { "command": "node" }, ▲"__proto__": { "url": "y" }`),
      { path: "mcpServers.__proto__", message: /JavaScript/ },
    );
    assertError(
      withServer(
        `{ "command": "node", "env": { ▲"__proto__": { "polluted": 1 } } }`,
      ),
      { path: "mcpServers.x.env.__proto__", message: /JavaScript/ },
    );
    assert.equal("polluted" in {}, false);
  });

  it("takes names of inherited members as plain names", () => {
    const { config, problems } = read(
      withServers(
        `"constructor": { "command": "a" }, "toString": { "command": "b" }, ` +
          `"hasOwnProperty": { "command": "c" }`,
      ),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(config?.servers.map((server) => server.name), [
      "constructor",
      "toString",
      "hasOwnProperty",
    ]);
  });

  it("keeps the order of the file, also for names that are numbers", () => {
    const { config } = read(
      withServers(`"b": { "command": "x" }, "1": { "command": "y" }`),
    );
    assert.deepEqual(config?.servers.map(({ name }) => name), ["b", "1"]);
  });

  it("refuses objects nested too deeply, at the first that is", () => {
    const depth = MAX_DEPTH - 4;
    const nested = `${"[".repeat(depth)}▲[1]${"]".repeat(depth)}`;
    const text = `{ "mcpServers": { "x": { "args": [${nested}] } } }`;
    assertError(text, { path: "", message: /more than 32/ });
  });

  it("survives a file of nothing but brackets", () => {
    for (const text of ["[".repeat(300_000), '{"a":'.repeat(300_000)]) {
      const { problems } = read(text);
      assert.match(problems[0].message, /more than 32|closing/);
      assert.ok(problems.length <= MAX_PROBLEMS + 1);
    }
  });

  it("tells a bounded number of problems and says how many more there are", () => {
    const keys = Array.from({ length: 500 }, (_, i) => `"key${i}": 1`);
    const { problems } = read(`{ ${keys.join(", ")} }`);
    assert.equal(problems.length, MAX_PROBLEMS + 1);
    assert.match(problems[MAX_PROBLEMS].message, /found 4\d\d more problems/);
  });
});

describe("formatProblem", () => {
  it("puts place, severity, path, message and hint on one line", () => {
    const { problems } = read(withServer(`{ "comand": "node" }`));
    assert.deepEqual(problems.map(formatProblem), [
      "test.jsonc:6:21: error: mcpServers.x: found no url and no command, " +
      "wanted one of them",
      'test.jsonc:6:28: error: mcpServers.x.comand: unknown key "comand" ' +
      '(hint: did you mean "command"?)',
    ]);
  });

  it("leaves an empty path out", () => {
    const [problem] = read("").problems;
    assert.match(formatProblem(problem), /^test\.jsonc:1:1: error: found no/);
  });
});
