// What is risky about a listener that others can reach.

import { isLoopback } from "../routing/loopback.ts";
import type { Address, Protocol } from "./config.ts";
import { digestOf } from "../auth/token.ts";
import { DOCUMENTED_TOKENS } from "./documented_tokens.ts";
import type { Report } from "./report.ts";
import type { TokenTable } from "./token_table.ts";
import { TOKENS_PATH } from "./tokens.ts";

/** What is known of the listener. */
interface ListenerFacts {
  readonly address: Address;
  readonly protocol: Protocol;
  readonly baseUrl?: URL;
  readonly tokens: TokenTable;
}

/**
 * Warns of a public url that is not what the listener speaks, and, unless only this machine can reach it, of plain
 * HTTP and of tokens that everybody knows.
 */
export function warnOfListener(
  { address, protocol, baseUrl, tokens }: ListenerFacts,
  report: Report,
): void {
  if (protocol === "https" && baseUrl?.protocol === "http:") {
    report.warn(
      ["proxy", "baseUrl"],
      'begins with http://, and with "tls" the gateway speaks HTTPS alone',
      { hint: "begin it with https://" },
    );
  }
  if (isLoopback(address.hostname)) return;
  if (protocol === "http") {
    report.warn(
      ["proxy", "addr"],
      "listens in plain HTTP on an address that other machines can reach; " +
        "tokens can be intercepted",
      {
        hint: 'give it a certificate in "tls", or listen on ' +
          '"127.0.0.1:8080" behind a proxy that ends TLS',
      },
    );
  }
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
