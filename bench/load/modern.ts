// A client of the modern era: each call is a POST that describes itself, on one kept connection.

import { Connection } from "./connection.ts";
import type { Target } from "./connection.ts";
import { checkAnswer, echoRequest, nextKey } from "./echo.ts";
import { expectStatus } from "./session.ts";
import type { LoadSession } from "./session.ts";

const REVISION = "2026-07-28";
const FIELDS = "content-type: application/json\r\n" +
  "accept: application/json, text/event-stream\r\n" +
  `mcp-protocol-version: ${REVISION}\r\n` +
  "mcp-method: tools/call\r\nmcp-name: echo\r\n";
const META = JSON.stringify({
  "io.modelcontextprotocol/protocolVersion": REVISION,
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
});
/** What ends a request that does not describe itself. */
const END = "}}";

/** It has no session; what belongs together is its connection. */
export class ModernLoad implements LoadSession {
  readonly #connection: Connection;
  #id = 0;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Connects. */
  static async begin(target: Target): Promise<ModernLoad> {
    return new this(await Connection.open(target));
  }

  async call(bytes: number): Promise<void> {
    const wanted = { id: ++this.#id, key: nextKey(), bytes };
    const request = echoRequest(wanted).slice(0, -END.length);
    const body = `${request},"_meta":${META}${END}`;
    const answer = await this.#connection.ask("POST", FIELDS, body);
    expectStatus(answer, 200);
    checkAnswer(answer.body, wanted);
  }

  rest(): void {
    this.#connection.close();
  }

  end(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}
