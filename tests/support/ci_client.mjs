// A command as a CI job has it: calls tools by the official client, through the gateway that its environment names.
// `node ci_client.mjs [PATH TOOL]…` prints one line of JSON: what came of each call, and what it knows of its surroundings.

import { execFileSync } from "node:child_process";
import process from "node:process";
import {
  Client,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";

const { MCP_FRONT_URL: url = "", MCP_FRONT_TOKEN: token = "" } = process.env;
const words = process.argv.slice(2);

async function called(path, name) {
  const client = new Client({ name: "ci", version: "1" });
  const headers = { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(
    new URL(`${url}${path}`),
    { requestInit: { headers } },
  );
  try {
    await client.connect(transport);
    const params = { name, arguments: { secret: "an-argument-for-the-tool" } };
    const { isError, content } = await client.callTool(params);
    return `${isError ? "error" : "done"}: ${content[0].text}`;
  } catch (error) {
    return `refused: ${error.message}`;
  } finally {
    await transport.terminateSession().catch(() => {});
    await client.close();
  }
}

const calls = [];
for (let at = 0; at < words.length; at += 2) {
  calls.push(await called(words[at], words[at + 1]));
}
const processes = execFileSync("ps", ["-eo", "args="], { encoding: "utf8" });
const isListed = token !== "" && processes.includes(token);
console.log(JSON.stringify({ calls, url, token, isListed, env: process.env }));
