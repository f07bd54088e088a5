// Drives every path that goes wrong with recognisable secrets, then searches all that was said and logged for them.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { platform } from "node:os";
import { describe, it } from "node:test";
import { GatewayProcess, startGateway } from "../support/gateway_process.ts";
import { startLeaky, WRONGS } from "../support/leaky_backend.ts";
import { LeakyClient } from "../support/leaky_client.ts";
import { commandOf } from "../support/program.ts";
import {
  secretiveConfig,
  TOKEN_VARIABLE,
} from "../support/secretive_config.ts";
import { SecretWords } from "../support/secret_words.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import {
  initialize,
  notification,
  request,
} from "../support/streamable_session.ts";

/** The executable where it is built, since that is what people run. */
const how = existsSync(commandOf("binary")[0]) ? "binary" : "bun";

/** What a client may see: its own ids and messages, and the errors that servers mean for it. */
const OWN =
  /^(session id of the client|message body of the client|id of a request|error of the backend)/;

/** What the log must have, and how often, for the search in it to mean anything. */
const EXPECTED_LINES = [
  ['"level":"DEBUG"', 20],
  ['"msg":"Request refused"', 50],
  ['"msg":"Session opened"', 40],
  ['"msg":"Backend failed"', 15],
  ['"msg":"Backend wrote a line that is not a message"', 2],
] as const;

/** Requests that are refused before any server is asked. */
async function refusals(
  client: LeakyClient,
  words: SecretWords,
): Promise<void> {
  const body = JSON.stringify(request(words.of("id of a request"), "x/y"));
  const alice = words.of("token of alice");
  const unknown = words.of("unknown token");
  for (
    const authorization of [
      `Bearer ${unknown}`,
      `Bearer ${alice} ${unknown}`,
      `Bearer ${alice}, Bearer ${unknown}`,
      `Basic ${unknown}`,
      `Bearer\t${unknown}`,
      unknown,
      `Digest username="${unknown}"`,
    ]
  ) {
    const header = [`Authorization: ${authorization}`];
    await client.ask("POST /far/mcp", body, header);
    await client.ask(`GET /${unknown}/mcp?token=${unknown}`, "", header);
  }
  const gone = [`Mcp-Session-Id: ${words.of("unknown session id")}`];
  for (const method of ["GET", "POST", "DELETE", "PUT"]) {
    await client.ask(`${method} /far/mcp?access_token=${unknown}`, body, gone);
    await client.ask(`${method} /only/mcp`, body, gone);
    await client.ask(`${method} /${unknown}/mcp`, body, gone);
    const query = `sessionId=${words.of("unknown session id")}`;
    await client.ask(`${method} /far/messages?${query}`, body);
    await client.ask(`${method} /.well-known/oauth-protected-resource`, body);
  }
  for (const text of [`{"a":"${unknown}`, `"${unknown}"`, `[${unknown}]`]) {
    await client.ask("POST /far/mcp", text);
    await client.ask("POST /far/mcp", text, [`Content-Type: ${unknown}`]);
    const revision = [`Mcp-Protocol-Version: ${unknown}`];
    await client.ask("POST /far/mcp", body, revision);
  }
  await client.ask("POST /far/mcp", body, ["Host: evil.example"]);
  await client.ask("POST /far/mcp", body, ["Origin: https://evil.example"]);
  await client.ask("POST /far/mcp", body, ["Content-Length: 99999999"]);
}

/** Sessions over both client transports with one server, and everything that goes wrong in them. */
async function conversation(
  client: LeakyClient,
  server: string,
  words: SecretWords,
): Promise<void> {
  const session = await client.begin(server);
  for (const method of ["x/echo", "x/die", "x/drop"]) {
    await client.call(server, session, request(method, method));
  }
  await client.call(server, session, notification("x/unknown"));
  await client.ask(`DELETE /${server}/mcp`, "", session);
  const token = words.of("token of alice");
  const url = `${client.url}/${server}/sse`;
  await using sse = await SseSession.open({ url, token });
  const id = sse.endpoint.searchParams.get("sessionId") as string;
  words.add("session id of the client", id);
  const broken = await sse.post(words.of("message body of the client"));
  client.answers.push(await broken.text());
  await sse.post(initialize());
  client.answers.push(JSON.stringify(await sse.events.next()));
}

/** Every way in which a remote server can fail a call. */
async function wrongs(client: LeakyClient): Promise<void> {
  for (const method of WRONGS) {
    const session = await client.begin("far");
    await client.call("far", session, request(1, method));
    await client.ask("DELETE /far/mcp", "", session);
  }
}

describe("secrets", () => {
  it(
    "are nowhere in a debug log, in answers to others, on a command line, or with a backend they are not for",
    LIMIT,
    async () => {
      const words = new SecretWords();
      const { server, seen } = await startLeaky(words);
      await using _server = server;
      const config = secretiveConfig(server.origin, words);
      const env = {
        [TOKEN_VARIABLE]: words.of("token of alice"),
        LOG_LEVEL: "debug",
      };
      await using gateway = await startGateway({ config, how, env });
      const client = new LeakyClient(gateway, words);

      await refusals(client, words);
      for (const name of Object.keys(config.mcpServers)) {
        if (name !== "only") await conversation(client, name, words);
      }
      await wrongs(client);
      const answers = client.answers.join("\n");
      const session = await client.begin("child");
      const asked = request(1, "x/environment");
      const environment = await client.call("child", session, asked);
      assert.match(environment.body, /"API_KEY"/);
      if (platform() === "linux") {
        const cmdline = readFileSync(`/proc/${gateway.child.pid}/cmdline`);
        words.assertAbsent(cmdline.toString(), "the command line");
      }
      const { code } = await gateway.stop();

      assert.equal(code, 0, gateway.logs());
      for (const [line, least] of EXPECTED_LINES) {
        const times = gateway.logs().split(line).length - 1;
        assert.ok(times >= least, `${line} ${times} times`);
      }
      words.assertAbsent(gateway.logs(), "the log");
      words.assertAbsent(
        environment.body,
        "the environment of a child",
        /^(variable|broken message) of a child/,
      );
      words.assertAbsent(answers, "an answer", OWN);
      assert.ok(seen.length > 0);
      for (const headers of seen) {
        words.assertAbsent(
          JSON.stringify(headers),
          "what a backend received",
          /^configured|of the backend$/,
        );
      }
    },
  );

  it(
    "are nowhere in what is said about a bad configuration",
    LIMIT,
    async () => {
      const words = new SecretWords();
      const spaced = `a ${words.of("token")}`;
      const url = `ftp://127.0.0.1/?${words.of("query of a url")}`;
      const headers = {
        "x y": words.of("configured header"),
        ok: `\n${spaced}`,
      };
      const config = {
        version: "1.0",
        proxy: {
          addr: `127.0.0.1:${words.of("address")}`,
          auth: {
            kind: "bearer_token",
            tokens: { alice: spaced, bob: spaced },
          },
        },
        mcpServers: {
          far: { url, headers },
          child: { command: "x", env: { A: `$env:1${words.of("variable")}` } },
        },
      };
      const gateway = new GatewayProcess({ config, how });
      const { code } = await gateway.ended;
      assert.equal(code, 2, gateway.logs());
      words.assertAbsent(gateway.logs(), "the output", /^(address|variable)/);
    },
  );
});
