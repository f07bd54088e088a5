// How log lines look, and what never shows in them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../lib/errors.ts";
import { Secret } from "../../lib/secret.ts";
import { createLog } from "../../lib/telemetry/log.ts";
import type { LogFormat, LogLevel } from "../../lib/telemetry/log.ts";
import { TEXT_LIMIT_CHARS } from "../../lib/telemetry/loggable.ts";

const NOW = new Date("2026-01-15T10:30:00.007Z");

function logInMemory(level: LogLevel = "INFO", format: LogFormat = "json") {
  const decoder = new TextDecoder();
  let text = "";
  const log = createLog({
    level,
    format,
    now: () => NOW,
    write: (bytes) => {
      text += decoder.decode(bytes);
      return Promise.resolve();
    },
  });
  const written = async () => {
    await log.flush(1_000);
    return text;
  };
  return { log, written };
}

async function oneField(value: unknown, level: LogLevel = "INFO") {
  const { log, written } = logInMemory("DEBUG");
  if (level === "DEBUG") log.debug("m", { value });
  else log.info("m", { value });
  return JSON.parse(await written()).value;
}

describe("a JSON log line", () => {
  it("is the documented one, member for member", async () => {
    const { log, written } = logInMemory();
    log.info("Authenticated request", {
      token_name: "development",
      server: "database",
      method: "POST",
    });
    assert.equal(
      await written(),
      '{"time":"2026-01-15T10:30:00.007Z","level":"INFO",' +
        '"msg":"Authenticated request","token_name":"development",' +
        '"server":"database","method":"POST"}\n',
    );
  });

  it("keeps its first members whatever the fields are called", async () => {
    const { log, written } = logInMemory();
    log.warn("real", { msg: "forged", level: "INFO", time: 0, "1": "a" });
    assert.equal(
      await written(),
      '{"time":"2026-01-15T10:30:00.007Z","level":"WARN","msg":"real","1":"a"}\n',
    );
  });

  it("carries the fields of the logs it came through, in order", async () => {
    const { log, written } = logInMemory();
    log.with({ request_id: "r" }).with({ session: "s" }).error("m", { a: 1 });
    assert.match(await written(), /"request_id":"r","session":"s","a":1}/);
  });

  it("is left out below the level", async () => {
    const { log, written } = logInMemory("WARN");
    log.debug("no");
    log.info("no");
    log.warn("yes");
    log.error("yes");
    const lines = (await written()).trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).msg), ["yes", "yes"]);
  });

  it("is one line, whatever a field holds", async () => {
    const { log, written } = logInMemory();
    log.info("a\nb", { "c\nd": 'e\n"}\u2028\u001b[31m\u009b\u202e' });
    const text = await written();
    assert.equal(text.indexOf("\n"), text.length - 1);
    // deno-lint-ignore no-control-regex -- these are what must not be there
    assert.doesNotMatch(text.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u202e]/);
    assert.equal(
      JSON.parse(text)["c\nd"],
      'e\n"}\u2028\u001b[31m\u009b\u202e',
    );
  });
});

describe("a field of a log line", () => {
  it("shows a mark in place of a secret, at any depth", async () => {
    const value = { list: [new Secret("hidden-value")] };
    assert.deepEqual(await oneField(value), { list: ["[secret]"] });
  });

  it("shows our own errors by class, text and fault, and others without their text", async () => {
    const error = new GatewayError("not_found", "Nothing here", {
      cause: new TypeError("hidden-value"),
    });
    const { cause, ...shown } = await oneField(error);
    assert.deepEqual(shown, {
      error: "GatewayError",
      reason: "Nothing here",
      fault: "not_found",
    });
    assert.equal(cause.error, "TypeError");
    assert.match(cause.at[0], /log_test/);
    assert.doesNotMatch(JSON.stringify(cause), /hidden-value/);
  });

  it("never shows bytes, headers, requests or responses", async () => {
    const headers = { authorization: "Bearer hidden-value" };
    const value = [
      new TextEncoder().encode("hidden-value"),
      new Headers(headers),
      new Request("http://a/", { headers }),
      new Response("hidden-value"),
    ];
    assert.deepEqual(await oneField(value), Array(4).fill("[not shown]"));
  });

  it("shows a url without its query and user", async () => {
    const url = new URL("http://user:hidden@a.example/p?key=hidden#x");
    assert.equal(await oneField(url), "http://a.example/p");
  });

  it("cuts a long text", async () => {
    const shown = await oneField("x".repeat(TEXT_LIMIT_CHARS + 1));
    assert.ok(shown.length < TEXT_LIMIT_CHARS + 50);
    assert.match(shown, /\(8193 characters\)$/);
  });

  it("survives cycles, big integers and getters that throw", async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const trap = {
      get value() {
        throw new Error("trap");
      },
    };
    const { log, written } = logInMemory();
    log.info("m", trap);
    assert.match(await written(), /"fields":"\[unprintable\]"/);
    assert.equal(await oneField(cycle), "[unprintable]");
    assert.equal(await oneField(trap), "[unprintable]");
    assert.equal(await oneField(12n), "12");
  });

  it("is left out when it is undefined", async () => {
    const { log, written } = logInMemory();
    log.info("m", { nothing: undefined, something: null });
    assert.match(await written(), /"msg":"m","something":null}/);
  });
});

describe("a text log line", () => {
  it("reads like a sentence with facts", async () => {
    const { log, written } = logInMemory("INFO", "text");
    log.info("Session opened", { server: "files", path: "/files/mcp", n: 2 });
    assert.equal(
      await written(),
      "2026-01-15T10:30:00.007Z INFO  Session opened server=files path=/files/mcp n=2\n",
    );
  });

  it("quotes what is not plain and shows no control character", async () => {
    const { log, written } = logInMemory("INFO", "text");
    log.warn("m\u001b[2J", { a: "b c", d: "\u001b[2J" });
    assert.equal(
      await written(),
      "2026-01-15T10:30:00.007Z WARN  m\\u001b[2J" +
        ' a="b c" d="\\u001b[2J"\n',
    );
  });
});
