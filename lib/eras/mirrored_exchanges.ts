// A server of the modern era that sees no headers, such as one over stdio: what they repeat is checked before it is asked.

import type { Backend, OpenContext } from "../backend.ts";
import { inherited } from "../backends/inherited.ts";
import { ownRequest } from "../backends/own_messages.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { Principal } from "../principal.ts";
import { METHODS } from "../protocol/methods.ts";
import { askOnce } from "./ask_once.ts";
import { objectIn } from "./legacy_backend_for_modern/bridged_request.ts";
import { checkMirrored } from "./legacy_backend_for_modern/mirrored_parameters.ts";
import { ToolCatalog } from "./legacy_backend_for_modern/tool_catalog.ts";

/** How long a list of tools is relied on, in milliseconds: nobody tells that it has changed. */
export const CATALOG_MS = 60_000;

interface Known {
  readonly catalog: ToolCatalog;
  readonly since: number;
}

/**
 * Wraps exchanges: a call of a tool whose `Mcp-Param-*` fields do not repeat its arguments is refused with
 * `header_mismatch` (2026-07-28 `basic/transports/streamable-http` § Server Behavior for Custom Headers).
 */
export function mirroredExchanges(inner: Backend): Backend {
  const known = new WeakMap<Principal, Known>();
  const catalogOf = (principal: Principal): ToolCatalog => {
    const now = performance.now();
    const old = known.get(principal);
    if (old && now - old.since < CATALOG_MS) return old.catalog;
    const catalog = new ToolCatalog();
    known.set(principal, { catalog, since: now });
    return catalog;
  };
  return {
    name: inner.name,
    ...inherited(inner),
    open(context) {
      // Of a session the gateway itself asks.
      if (!context.parameters) return inner.open(context);
      const catalog = catalogOf(context.principal);
      if (catalog.isEmpty) return inner.open(context);
      const check = (call: Envelope) =>
        checkCall(call, inner, context, catalog);
      return inner.open(context)
        .then((channel) => new MirroredChannel(channel, check));
    },
  };
}

/** Throws why a call is refused; a promise where the server has to be asked first. */
type Check = (call: Envelope) => Promise<void> | undefined;

class MirroredChannel implements Channel {
  readonly #inner: Channel;
  readonly #check: Check;

  constructor(inner: Channel, check: Check) {
    this.#inner = inner;
    this.#check = check;
  }

  async send(envelope: Envelope): Promise<void> {
    if (envelope.head.method === METHODS.callTool) {
      const asking = this.#check(envelope);
      if (asking) await asking;
    }
    await this.#inner.send(envelope);
  }

  close(reason?: Error): Promise<void> {
    return this.#inner.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#inner[Symbol.asyncIterator]();
  }
}

function checkCall(
  call: Envelope,
  inner: Backend,
  context: OpenContext,
  catalog: ToolCatalog,
): Promise<void> | undefined {
  const { name, arguments: args, _meta } = call.message().params ?? {};
  const { parameters: fields } = context;
  if (!fields || typeof name !== "string") return undefined;
  if (fields.size === 0 && Object.keys(objectIn(args)).length === 0) {
    return undefined;
  }
  const mirrored = catalog.parametersOf(
    name,
    (method, params) =>
      askOnce(inner, ownRequest(method, { ...params, _meta }), context),
  );
  if (mirrored instanceof Promise) {
    return mirrored.then((known) => checkMirrored(known, args, fields));
  }
  checkMirrored(mirrored, args, fields);
}
