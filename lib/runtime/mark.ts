// What the children of one gateway are known by, wherever they have gone.

import { randomBytes } from "node:crypto";

/** The variable in a child's environment: the mark of its gateway, after those of the gateways that this one is a child of. */
export const MARK_VARIABLE = "MCP_FRONT_MARK";

const MARK_BYTES = 16;

/** One that nobody else has. */
export function newMark(): string {
  return randomBytes(MARK_BYTES).toString("hex");
}

/** Whether a text could be a mark. */
export function isMark(text: string): boolean {
  return /^[0-9a-f]+$/.test(text) && text.length === 2 * MARK_BYTES;
}
