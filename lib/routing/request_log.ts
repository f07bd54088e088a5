// What the log says of HTTP requests: who came in, and who was refused.

import type { Subject } from "../endpoint.ts";
import type { GatewayError } from "../errors.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import { EVENTS } from "../telemetry/events.ts";
import type { Log, LogFields } from "../telemetry/log.ts";
import type { Arrival } from "./arrival.ts";

/** What is learnt of a request on its way. A path that is none of ours may hold anything: it is not logged. */
export interface Trace {
  token_name?: string;
  server?: string;
  path?: string;
}

/** The documented line: its first three fields come first. `more` are fields of the session. */
export function logRequest(
  log: Log,
  { request, id }: Arrival,
  { token_name, server, path }: Trace,
  { tool, ...subject }: Subject,
  more: LogFields,
): void {
  log.info(EVENTS.request, {
    token_name,
    server: subject.server ?? server,
    method: request.method,
    ...(tool === undefined ? {} : { tool }),
    path,
    request_id: id,
    ...more,
  });
}

/** One line for every refusal: the request id in it stands in the answer, too. */
export function logRefusal(
  { request, peer, via, log }: Arrival,
  error: GatewayError,
  trace: Trace,
): void {
  const fields: LogFields = {
    ...trace,
    method: request.method,
    status: error.status,
    fault: error.fault,
    reason: error.summary,
    remote: peer.address,
    ...(via === undefined ? {} : { via }),
    ...error.fields,
  };
  if (error.fault === "unsupported_revision") {
    // The question by which clients of both eras find out which one they meet.
    return log.info(EVENTS.requestRefused, fields);
  }
  if (error.fault !== "internal") {
    return log.warn(EVENTS.requestRefused, fields);
  }
  log.error(EVENTS.requestFailed, { ...fields, ...errorFields(error.cause) });
}
