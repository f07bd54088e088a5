// What is risky about a listener that others can reach.

import { isLoopback } from "../routing/loopback.ts";
import type { Address } from "./config.ts";
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
  for (const [name, secret] of tokens.secrets) {
    if (!DOCUMENTED_TOKENS.has(secret.reveal())) continue;
    report.warn(
      [...TOKENS_PATH, name],
      `token ${report.quoteKey(name)} has a value that is printed in the ` +
        "documentation; everybody knows it",
      { hint: "openssl rand -base64 32" },
    );
  }
}
