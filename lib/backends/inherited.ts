// What a backend that wraps another leaves to it.

import type { Backend } from "../backend.ts";

/** Who admits conversations, and what is kept beyond them. */
export function inherited(
  inner: Backend,
): Pick<Backend, "admit" | "close" | "isIdle"> {
  return {
    ...(inner.admit && { admit: (principal) => inner.admit?.(principal) }),
    ...(inner.close && {
      close: (reason) => inner.close?.(reason) ?? Promise.resolve(),
    }),
    ...(inner.isIdle && { isIdle: () => inner.isIdle?.() ?? true }),
  };
}
