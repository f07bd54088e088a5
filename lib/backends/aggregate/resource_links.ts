// The resources that an answer points to: they need not be in any list (2025-11-25 `server/tools` § Resource Links).

import { Buffer } from "node:buffer";
import type { Envelope } from "../../channel/envelope.ts";

const SIGN = '"resource_link"';

/** More than these of one answer are not looked at. */
const MAX_LINKS = 1_000;

/** A larger answer is not looked into: it would have to be parsed as a whole. */
const MAX_BYTES = 1024 * 1024;

/** The uris of the links in the content of a tool's answer, or in the messages of a prompt's. */
export function resourceLinks(answer: Envelope): string[] {
  const { buffer, byteOffset, length } = answer.bytes;
  const isLooked = length <= MAX_BYTES &&
    Buffer.from(buffer, byteOffset, length).includes(SIGN);
  if (!isLooked) return [];
  const result = resultOf(answer);
  const { content, messages } = (result ?? {}) as Record<string, unknown>;
  const blocks = [
    ...listOf(content),
    ...listOf(messages).map((message) => memberOf(message, "content")),
  ];
  return blocks.slice(0, MAX_LINKS)
    .filter((block) => memberOf(block, "type") === "resource_link")
    .map((block) => memberOf(block, "uri"))
    .filter((uri) => typeof uri === "string");
}

function resultOf(answer: Envelope): unknown {
  try {
    return answer.message().result;
  } catch {
    return undefined; // A large answer that is no JSON within: its client finds out.
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[name];
}
