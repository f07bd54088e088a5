import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../../lib/channel/envelope.ts";
import type { LogLine } from "../../support/log_lines.ts";
import { drain, openShell } from "../../support/shell_child.ts";

const BANNERS = 30;
const FLOOD_LINES = 20_000;

describe("a child's output", () => {
  it("may hold banners, blank lines, batches and CRLF", async () => {
    await using opened = await openShell(`
      echo 'Server ready'; echo; printf '\\377\\376\\n'
      echo '{"jsonrpc":"2.0"}'
      printf '{"jsonrpc":"2.0","method":"a"}\\r\\n'
      echo '[{"jsonrpc":"2.0","method":"b"}, {"jsonrpc":"2.0","method":"c"}]'
      printf '{"jsonrpc":"2.0","method":"last"}'`);
    const { texts } = await drain(opened.channel);
    const methods = texts.map((text) => JSON.parse(text).method);
    assert.deepEqual(methods, ["a", "b", "c", "last"]);
  });

  it("may split a character between writes", async () => {
    await using opened = await openShell(
      `printf '{"jsonrpc":"2.0","method":"\\303'; sleep 0.1; printf '\\251"}\\n'`,
    );
    const { texts } = await drain(opened.channel);
    assert.deepEqual(texts, ['{"jsonrpc":"2.0","method":"é"}']);
  });

  it("is told in the log where it is no message, but not shown", async () => {
    await using opened = await openShell(`
      for n in $(seq ${BANNERS}); do echo "banner $n"; done
      echo '{"secret": "broken'`);
    await drain(opened.channel);
    const warnings = opened.lines.filter(({ level }) => level === "WARN");
    assert.equal(warnings.length, 4);
    assert.equal(warnings.at(-1)?.lines, BANNERS + 1);
    assert.ok(!JSON.stringify(warnings).includes("banner"));
    assert.ok(!JSON.stringify(opened.lines).includes("secret"));
  });

  it("breaks the channel with a line beyond the bound", async () => {
    await using opened = await openShell(
      "head -c 34000000 /dev/zero | tr '\\0' x; sleep 100",
    );
    const { error } = await drain(opened.channel);
    assert.equal(error?.fault, "backend_protocol");
    assert.match(error.message, /wrote a line longer than 33554432 bytes/);
    await assert.rejects(opened.channel.send(ping()), error);
  });
});

describe("a child's input", () => {
  it("gets a message with line breaks as one line", async () => {
    await using opened = await openShell("head -n 1");
    const json = '{\r\n  "jsonrpc": "2.0",\n  "method": "a"\n}\n';
    await opened.channel.send(Envelope.read(new TextEncoder().encode(json)));
    const { texts } = await drain(opened.channel);
    assert.equal(texts.length, 1);
    assert.deepEqual(JSON.parse(texts[0] as string), {
      jsonrpc: "2.0",
      method: "a",
    });
  });

  it("breaks the channel when the child has closed it", async () => {
    await using opened = await openShell(
      `exec 0<&-; echo '{"jsonrpc":"2.0","method":"closed"}'; exec sleep 100`,
    );
    const messages = opened.channel[Symbol.asyncIterator]();
    await messages.next();
    // Bun notices only with what is too long for its own buffer.
    const params = { long: "x".repeat(1_000_000) };
    await opened.channel.send(
      Envelope.of({ jsonrpc: "2.0", method: "a", params }),
    );
    await assert.rejects(messages.next(), {
      fault: "backend_exited",
      message: 'Server "files" closed its input',
    });
  });
});

describe("a child's death", () => {
  it("breaks the channel with its code and its last words", async () => {
    await using opened = await openShell(
      `for n in $(seq 12); do echo "line $n" >&2; done
      printf '\\033[31mno license\\033[0m' >&2; exit 3`,
    );
    const { error } = await drain(opened.channel);
    assert.equal(error?.fault, "backend_exited");
    assert.match(
      error.message,
      /^Server "files" exited with code 3\. It last said:\nline 4\n[^]*\nno license$/,
    );
    await assert.rejects(opened.channel.send(ping()), error);
  });

  it("breaks the channel also with code 0", async () => {
    await using opened = await openShell("exit 0");
    const { error } = await drain(opened.channel);
    assert.equal(error?.message, 'Server "files" exited with code 0');
  });

  it("tells the signal that ended it", async () => {
    await using opened = await openShell("kill -KILL $$");
    const { error } = await drain(opened.channel);
    assert.equal(error?.message, 'Server "files" was ended by SIGKILL');
  });

  it("is logged with names and numbers", async () => {
    await using opened = await openShell("exit 4");
    await drain(opened.channel);
    await opened.channel.close();
    const [started, exited] = opened.lines;
    const { pid, ...rest } = started as LogLine & { pid: number };
    assert.ok(pid > 0);
    assert.deepEqual(rest, {
      level: "INFO",
      msg: "Backend started",
      server: "files",
      session: "test",
    });
    const { duration_ms, ...how } = exited as LogLine & { duration_ms: number };
    assert.ok(duration_ms >= 0);
    assert.deepEqual(how, {
      level: "INFO",
      msg: "Backend exited",
      server: "files",
      pid,
      code: 4,
      signal: null,
    });
  });

  for (
    const [what, heir] of [["", ""], [
      ", a descendant left behind",
      "sleep 100 &",
    ]]
  ) {
    it(`loses none of what it had written, also to a slow consumer${what}`, async () => {
      await using opened = await openShell(`
      for n in $(seq 500); do printf '{"jsonrpc":"2.0","method":"%s"}\\n' $n; done
      ${heir}
      exit 1`);
      const messages = opened.channel[Symbol.asyncIterator]();
      await messages.next();
      await new Promise((resolve) => setTimeout(resolve, 600));
      const { texts, error } = await drain(opened.channel);
      assert.equal(texts.length, 499);
      assert.equal(error?.message, 'Server "files" exited with code 1');
    });
  }
});

describe("a child's stderr", () => {
  it("goes to the log, not too fast, and never holds the child up", async () => {
    await using opened = await openShell(`
      yes 'a warning' | head -n ${FLOOD_LINES} >&2
      echo '{"jsonrpc":"2.0","method":"done"}'; cat`);
    const { value } = await opened.channel[Symbol.asyncIterator]().next();
    assert.equal(value?.head.method, "done");
    const shown = opened.lines.filter(({ msg }) => msg === "Backend stderr");
    assert.deepEqual([shown[0]?.level, shown[0]?.line], ["DEBUG", "a warning"]);
    assert.ok(shown.length < FLOOD_LINES / 10, `${shown.length}`);
  });
});

function ping(): Envelope {
  return Envelope.of({ jsonrpc: "2.0", id: 1, method: "ping" });
}
