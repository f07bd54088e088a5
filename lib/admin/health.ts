// Says that the gateway is up, to anyone who asks.

/** The answer to `GET /health`. */
export function health(): Response {
  return Response.json({ status: "ok", service: "mcp-front" });
}
