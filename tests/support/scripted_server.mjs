// A hand-written MCP server for tests: `node scripted_server.mjs stdio|sse|streamable-http`.
// Over HTTP it listens on a free port, says "listening URL" on stdout, and ends when its stdin does.

import { Buffer } from "node:buffer";
import process from "node:process";
import { Conversation } from "./scripted_conversation.mjs";
import { serveSse, serveStreamableHttp } from "./scripted_http.mjs";

const LINE_FEED = 10;

function speakStdio() {
  const conversation = new Conversation((text) =>
    new Promise((resolve) => process.stdout.write(`${text}\n`, resolve))
  );
  let parts = [];
  process.stdin.on("data", (chunk) => {
    let start = 0;
    for (
      let end = chunk.indexOf(LINE_FEED);
      end !== -1;
      end = chunk.indexOf(LINE_FEED, start)
    ) {
      conversation.hear(Buffer.concat([...parts, chunk.subarray(start, end)]));
      parts = [];
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  });
  process.stdin.on("end", () => process.exit(0));
}

function listen(server, path) {
  server.keepAliveTimeout = 0; // As in patient_http.mjs.
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    console.log(`listening http://127.0.0.1:${port}${path}`);
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}

switch (process.argv[2]) {
  case "stdio":
    speakStdio();
    break;
  case "sse":
    listen(serveSse(), "/sse");
    break;
  case "streamable-http":
    listen(serveStreamableHttp(), "/mcp");
    break;
  default:
    console.error("usage: scripted_server.mjs stdio|sse|streamable-http");
    process.exit(64);
}
