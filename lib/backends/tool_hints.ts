// What the tools of a server say of themselves: whether they only read.

import { readsOnly } from "./offer_lists.ts";

/** How many tools are remembered; beyond it the one that was listed longest ago is forgotten. */
export const MAX_TOOLS = 4_096;

/** The longest name that is remembered; tools are to have no longer ones than 128 (2025-11-25 `server/tools` § Tool Names). */
const MAX_NAME_CHARS = 512;

/** The `readOnlyHint` of each tool, as it was listed last. */
export class ToolHints {
  readonly #hints = new Map<string, boolean>();
  #age = 0;

  /** Grows whenever what was known holds no more. */
  get age(): number {
    return this.#age;
  }

  /** Whether a tool only reads; nothing where that is not known. */
  of(name: string): boolean | undefined {
    return this.#hints.get(name);
  }

  /** Notes tools that were listed. Of two with one name, the one that changes something counts. */
  learn(tools: readonly unknown[]): void {
    const listed = new Map<string, boolean>();
    for (const tool of tools) {
      const { name } = (tool ?? {}) as { readonly name?: unknown };
      if (typeof name !== "string" || name.length > MAX_NAME_CHARS) continue;
      listed.set(name, readsOnly(tool) && listed.get(name) !== false);
    }
    for (const [name, hint] of listed) {
      this.#hints.delete(name);
      this.#hints.set(name, hint);
      const [oldest] = this.#hints.keys();
      if (this.#hints.size > MAX_TOOLS) this.#hints.delete(oldest as string);
    }
  }

  /** The tools have changed, or a conversation begins anew. */
  forget(): void {
    this.#age++;
    this.#hints.clear();
  }
}
