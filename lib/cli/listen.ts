// Puts the gateway on its port, or says why that cannot be.

import { ListenError, serve } from "../runtime/serve.ts";
import type { Listener, ListenFailure } from "../runtime/serve.ts";
import type { Address, Config, Gateway } from "../../mod.ts";
import type { Log } from "../telemetry/log.ts";
import { addressText } from "./address_text.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { errorFields } from "../telemetry/error_fields.ts";

/** How long a connection may be silent between requests, in seconds. */
const IDLE_SECONDS = 60;

/** The gateway reads no more than a message may have, and refuses the rest in its own words: the runtime need not. */
const MAX_BODY_BYTES = Number.MAX_SAFE_INTEGER;

/** What the messages need to name. */
interface Naming {
  readonly file: string;
  readonly log: Log;
}

/** Listens where the configuration says. Throws a `CommandError` with what to do about it. */
export async function listen(
  { address, tls }: Pick<Config, "address" | "tls">,
  gateway: Gateway,
  { file, log }: Naming,
): Promise<Listener> {
  try {
    return await serve({
      ...address,
      tls,
      maxBodyBytes: MAX_BODY_BYTES,
      idleSeconds: IDLE_SECONDS,
      respond: (request, peer) => gateway.fetch(request, peer),
      onFailure: (error) => log.error("Request failed", errorFields(error)),
    });
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const [message, hint] = EXPLANATIONS[error.reason](address, file);
    throw new CommandError(message, hint, EXIT_CODES.failed);
  }
}

type Explanation = (address: Address, file: string) => [string, string];

const EXPLANATIONS: Readonly<Record<ListenFailure, Explanation>> = {
  in_use: (address, file) => [
    `cannot listen on ${addressText(address)}: port ${address.port} is in use`,
    `stop the program that has it, or set proxy.addr in ${file} to another port; port 0 takes a free one`,
  ],
  denied: (address, file) => [
    `cannot listen on ${
      addressText(address)
    }: this user may not use port ${address.port}`,
    `set proxy.addr in ${file} to a port from 1024 up`,
  ],
  unavailable: (address, file) => [
    `cannot listen on ${
      addressText(address)
    }: this machine has no such address`,
    `set proxy.addr in ${file} to an address of this machine, such as 127.0.0.1:${address.port}`,
  ],
  bad_certificate: (address, file) => [
    `cannot listen on ${addressText(address)}: the runtime does not take the ` +
    "certificate or its key",
    `see that proxy.tls in ${file} names a certificate that browsers take, such as one of an RSA key or of P-256`,
  ],
  no_client_certificates: (address, file) => [
    `cannot listen on ${addressText(address)}: Deno cannot ask clients for ` +
    "certificates",
    `run the executable, which can, or take proxy.tls.clientCa out of ${file}`,
  ],
  unknown: (address, file) => [
    `cannot listen on ${addressText(address)}`,
    `see whether proxy.addr in ${file} is an address of this machine, such as 127.0.0.1:${address.port}`,
  ],
};
