// What is risky about a listener that others can reach.

import { isLoopback } from "../routing/loopback.ts";
import type { Address } from "./config.ts";
import { digestOf } from "../auth/token.ts";
import { DOCUMENTED_TOKENS } from "./documented_tokens.ts";
import type { Report } from "./report.ts";
import type { TokenTable } from "./token_table.ts";
import { TOKENS_PATH } from "./tokens.ts";

/** Warns of plain HTTP and of tokens that everybody knows, unless only this machine can reach the listener. */
export function warnOfListener(
  address: Address,
  tokens: TokenTable,
  report: Report,
): void {
  if (isLoopback(address.hostname)) return;
  report.warn(
    ["proxy", "addr"],
    "listens in plain HTTP on an address that other machines can reach; " +
      "tokens can be intercepted",
    { hint: 'listen on "127.0.0.1:8080", or behind a proxy that ends TLS' },
  );
  const documented = new Set([...DOCUMENTED_TOKENS].map(digestOf));
  for (const [name, { digest }] of tokens.tokens) {
    if (!documented.has(digest.reveal())) continue;
    report.warn(
      [...TOKENS_PATH, name],
      `token ${report.quoteKey(name)} has a value that is printed in the ` +
        "documentation; everybody knows it",
      { hint: "mcp-front token new makes another" },
    );
  }
}
