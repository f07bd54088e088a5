// What official clients ask `server-everything` that has the same answer every time.

import assert from "node:assert/strict";
import type { OfficialClient } from "./official_client.ts";

const DOCUMENT = "demo://resource/static/document/architecture.md";

/** What a client can ask that has the same answer every time. */
export const QUESTIONS: Readonly<
  Record<string, (client: OfficialClient) => Promise<unknown>>
> = {
  "tools/list": ({ verbs }) => verbs.listTools(),
  "prompts/list": ({ verbs }) => verbs.listPrompts(),
  "resources/list": ({ verbs }) => verbs.listResources(),
  "resources/templates/list": ({ verbs }) => verbs.listResourceTemplates(),
  "resources/read": ({ verbs }) => verbs.readResource({ uri: DOCUMENT }),
  "prompts/get": ({ verbs }) =>
    verbs.getPrompt({ name: "args-prompt", arguments: { city: "Århus" } }),
  "completion/complete of a prompt": ({ verbs }) =>
    verbs.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "name", value: "A" },
      context: { arguments: { department: "Engineering" } },
    }),
  "completion/complete of a resource": ({ verbs }) =>
    verbs.complete({
      ref: {
        type: "ref/resource",
        uri: "demo://resource/dynamic/text/{resourceId}",
      },
      argument: { name: "resourceId", value: "7" },
    }),
  ping: ({ verbs }) => verbs.ping(),
  echo: (client) => client.callTool("echo", { message: "ünï↯😀\n\u2028" }),
  "get-sum": (client) => client.callTool("get-sum", { a: 1e21, b: -0.5 }),
  "get-tiny-image": (client) => client.callTool("get-tiny-image"),
  "get-annotated-message": (client) =>
    client.callTool("get-annotated-message", {
      messageType: "error",
      includeImage: true,
    }),
  "get-structured-content": (client) =>
    client.callTool("get-structured-content", { location: "Chicago" }),
  "get-resource-links": (client) =>
    client.callTool("get-resource-links", { count: 10 }),
  "wrong arguments": (client) => client.callTool("get-sum", { a: "one" }),
  "an unknown tool": (client) => client.callTool("no-such-tool"),
};

/** What the server refuses. */
export const REFUSED: Readonly<
  Record<string, (client: OfficialClient) => Promise<unknown>>
> = {
  "an unknown prompt": ({ verbs }) =>
    verbs.getPrompt({ name: "no-such-prompt" }),
  "an unknown resource": ({ verbs }) =>
    verbs.readResource({ uri: "demo://no-such-resource" }),
  "an unknown method": (client) => client.request("x/unknown", { a: 1 }),
};

/** An error as the client sees it. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    const { code, message, data } = error as Record<string, unknown>;
    return { code, message, data };
  }
  assert.fail("it was not refused");
}
