// Entries of `mcpServers` for servers that say who they are.

import { pathOf } from "./shared_gateway.ts";

/** One whose lists have pages of these sizes; one page of two items when absent. */
export function paging(
  name: string,
  sizes?: readonly number[],
): Readonly<Record<string, unknown>> {
  const more = sizes ? [JSON.stringify(sizes)] : [];
  return {
    command: "node",
    args: [pathOf("paging_server.mjs"), name, ...more],
  };
}

/** Who has answered, from the first text in the result. */
export function answererOf(result: unknown): string {
  const { content, messages, contents } = result as Record<string, unknown>;
  const [block] = (content ?? messages ?? contents) as [
    { text?: string; content?: { text: string } },
  ];
  return JSON.parse(block.text ?? block.content?.text ?? "").server;
}
