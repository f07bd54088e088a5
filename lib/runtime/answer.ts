// What holds for every HTTP request before and after the gateway sees it.

import type { Peer, ServeOptions } from "./listener.ts";

/** Lets the gateway answer, and turns what is thrown into a 500 without details. */
export async function answer(
  request: Request,
  peer: Peer,
  options: ServeOptions,
): Promise<Response> {
  try {
    return await options.respond(request, peer);
  } catch (error) {
    return failed(error, options);
  }
}

/** The 500 for something thrown; `onFailure` hears what it was. */
export function failed(error: unknown, options: ServeOptions): Response {
  options.onFailure(error);
  const body = {
    error: "internal_error",
    error_description: "The gateway failed on this request",
  };
  return Response.json(body, { status: 500 });
}
