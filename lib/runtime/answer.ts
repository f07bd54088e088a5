// What holds for every HTTP request before and after the gateway sees it.

import type { Peer, ServeOptions } from "./listener.ts";

/** Lets the gateway answer; refuses what has no usable URL, and turns what is thrown into a 500 without details. */
export async function answer(
  request: Request,
  peer: Peer,
  options: ServeOptions,
): Promise<Response> {
  if (!hasHttpUrl(request)) {
    return jsonError(400, "invalid_request", "The Host header is not usable");
  }
  try {
    return await options.respond(request, peer);
  } catch (error) {
    return failed(error, options);
  }
}

/** The 500 for something thrown; `onFailure` hears what it was. */
export function failed(error: unknown, options: ServeOptions): Response {
  options.onFailure(error);
  return jsonError(500, "internal_error", "The gateway failed on this request");
}

/** Without a Host header (HTTP/1.0) or with a bad one the runtimes make no absolute URL. */
function hasHttpUrl(request: Request): boolean {
  return /^https?:\/\//.test(request.url) && URL.canParse(request.url);
}

function jsonError(status: number, error: string, text: string): Response {
  return Response.json({ error, error_description: text }, { status });
}
