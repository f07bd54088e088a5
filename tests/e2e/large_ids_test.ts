// Ids beyond 2^53, as clients written in Rust or Go may choose them: neighbours are told apart, and come back as they went.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { StreamableSession } from "../support/streamable_session.ts";

const IDS = ["9007199254740992", "9007199254740993", "18446744073709551615"];

function ask(id: string, method: string, params = "{}"): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}`;
}

/** The scripted server says what it is told: its own parser rounds, too. */
function askToSay(id: string): string {
  const say = `{"jsonrpc":"2.0","id":${id},"result":{}}`;
  return ask(id, "script/run", JSON.stringify({ steps: [{ say }] }));
}

describe("requests whose ids a number cannot hold", () => {
  const gateway = sharedGateway({
    files: { ...SCRIPTED, timeouts: { request: "500ms" } },
  });

  async function answersTo(
    request: (id: string) => string,
  ): Promise<string[]> {
    const url = `${(await gateway()).url}/files/mcp`;
    const session = await StreamableSession.begin({ url, token: TOKENS.alice });
    const answers = await Promise.all(
      IDS.map((id) => session.post(request(id))),
    );
    return await Promise.all(answers.map((answer) => answer.text()));
  }

  it("are each answered by the server", LIMIT, async () => {
    const texts = await answersTo(askToSay);
    for (const [at, id] of IDS.entries()) {
      assert.match(texts[at] ?? "", /"result"/);
      assert.match(texts[at] ?? "", new RegExp(`"id":\\s*${id}[,}]`));
    }
  });

  it(
    "are each answered by the gateway when the server does not",
    LIMIT,
    async () => {
      const texts = await answersTo((id) => ask(id, "silent/x"));
      for (const [at, id] of IDS.entries()) {
        assert.match(texts[at] ?? "", /"fault":"backend_timeout"/);
        assert.match(texts[at] ?? "", new RegExp(`"id":\\s*${id}[,}]`));
      }
    },
  );
});
