// A backend of the modern era whose conversations for one principal go over one child.

import type { Backend } from "../../backend.ts";
import { Memory } from "../../channel/memory.ts";
import { GatewayError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import { credentialOf } from "../../following_principal.ts";
import { revocationOf, sharingKey } from "../../principal.ts";
import type { Principal } from "../../principal.ts";
import type { Log } from "../../telemetry/log.ts";
import type { ChildPlaces } from "../child_places.ts";
import { SharedServer } from "./server.ts";

/** What it needs of its surroundings. */
export interface SharedOptions {
  readonly places: ChildPlaces;
  readonly log: Log;
  /** How long a server may take to start, in milliseconds: one that has said nothing by then is ended. */
  readonly openMs: number;
}

/**
 * Wraps a backend whose channels each cost a child, and that may turn out to be of the modern
 * era, where a child is no conversation (2026-07-28 `basic/index` § Statelessness). Opening costs
 * nothing; the first request starts the child, which is first asked `server/discover`: if it is
 * not of the modern era, requests are answered with `NotModern`. Each principal has a child of
 * its own, in its place, until nobody has used it for `limits.idle`, or the principal's end.
 */
export function shared(
  inner: Backend,
  { places, log, openMs }: SharedOptions,
): Backend {
  const { name } = inner;
  const servers = new Map<string, SharedServer>();
  let isModern = false;
  let closed: GatewayError | undefined;

  function begin(opener: Principal, limits: Limits): SharedServer {
    const principal = credentialOf(opener);
    const key = sharingKey(principal);
    const ending = new AbortController();
    const revoked = () => server.end(revocationOf(principal));
    const unwatch = principal.watch(() => {
      const { allowed, rule } = principal.allows({
        kind: "server",
        server: name,
      });
      if (!allowed) server.end(lost(principal, name, rule));
    });
    const server = new SharedServer({
      inner,
      context: {
        principal,
        session: `of ${principal.id}`,
        signal: ending.signal,
        limits,
        memory: new Memory(limits.sessionBytes),
      },
      openMs,
      log: log.with({ token_name: principal.id }),
      takePlace: () => places.take(name, principal),
      isKnown: () => isModern,
      onModern: () => isModern = true,
      onSilence: () => isModern = false,
      onEnd: () => {
        ending.abort();
        servers.delete(key);
        unwatch();
        principal.revoked.removeEventListener("abort", revoked);
      },
    });
    servers.set(key, server);
    principal.revoked.addEventListener("abort", revoked, { once: true });
    return server;
  }

  return {
    name,
    admit: (principal) => {
      if (!servers.has(sharingKey(principal))) places.check(name, principal);
    },
    open: (context) => {
      const { principal, limits } = context;
      if (closed) return Promise.reject(closed);
      if (principal.revoked.aborted) {
        return Promise.reject(revocationOf(principal));
      }
      const server = servers.get(sharingKey(principal)) ??
        begin(principal, limits);
      return Promise.resolve(server.open(context));
    },
    isIdle: () => [...servers.values()].every(({ isIdle }) => isIdle),
    async close(reason) {
      closed = reason;
      const all = [...servers.values()];
      for (const one of all) one.end(reason);
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

function lost({ id }: Principal, server: string, rule: string): GatewayError {
  return new GatewayError(
    "not_permitted",
    `The token "${id}" may not use server "${server}": ${rule}`,
  );
}
