// `mcp-front demo database`: the sample database as an MCP server on stdin and stdout.

import { loadStdioServer } from "../../deps.ts";
import { interruptions } from "../runtime/interruptions.ts";
import { standardStream, stderrReader } from "../runtime/standard_stream.ts";
import { databaseServers } from "./database_server.ts";
import { Statements } from "./statements.ts";

/** Serves until stdin ends, stdout has no reader or a signal comes; then no statement runs any more. */
export async function serveDatabase(version: string): Promise<void> {
  const { stop, crash } = interruptions();
  await using statements = new Statements();
  const [{ serveStdio, StdioServerTransport }, newServer] = await Promise.all([
    loadStdioServer(),
    databaseServers(version, statements),
  ]);
  const transport = new StdioServerTransport();
  const { close } = serveStdio(newServer, { transport, onerror: complain });
  const closed = new Promise<void>((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
  });
  await greet();
  await Promise.race([closed, stop, crash.then(rethrow)]);
  await close();
}

/** Says what to do to whoever starts it by hand; a client's log stays empty. */
async function greet(): Promise<void> {
  if (await stderrReader() === "program") return;
  await say(
    "an MCP server is waiting for a client; Ctrl-C ends it.\n" +
      'In a config: "command": "mcp-front", "args": ["demo", "database"]',
  );
}

/** Only the kind of error: its text could quote the message. */
function complain({ name }: Error): void {
  say(`a message could not be handled (${name})`).catch(() => {
    // Nobody reads stderr; there is no other place to say it.
  });
}

function say(text: string): Promise<void> {
  const line = `mcp-front demo database: ${text}\n`;
  return standardStream("stderr")(new TextEncoder().encode(line));
}

function rethrow(error: unknown): never {
  throw error;
}
