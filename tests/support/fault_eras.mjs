// How the fault server introduces itself in each era of MCP.

const REVISION = "2026-07-28";
const META = "io.modelcontextprotocol/";

const CAPABILITIES = { tools: { listChanged: true }, resources: {} };
const SERVER = { name: "fault", version: "1.0.0" };

/** What a conversation begins with, whether that is all that is needed, who its client is, and what every result says. */
export const LEGACY = {
  greeting: "initialize",
  isReady: false,
  clientOf: ({ params }) => params.clientInfo?.name,
  hello: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: CAPABILITIES,
    serverInfo: SERVER,
  }),
  result: {},
};

/** The same; there is no handshake, each request tells whose it is. */
export const MODERN = {
  greeting: "server/discover",
  isReady: true,
  clientOf: ({ params }) => params._meta?.[`${META}clientInfo`].name,
  hello: () => ({
    supportedVersions: [REVISION],
    capabilities: CAPABILITIES,
    ttlMs: 0,
    cacheScope: "private",
  }),
  result: { resultType: "complete", _meta: { [`${META}serverInfo`]: SERVER } },
};

/** What a client that listens is told first. */
export function acknowledgment({ id, params: { notifications } }) {
  const _meta = { [`${META}subscriptionId`]: id };
  return {
    jsonrpc: "2.0",
    method: "notifications/subscriptions/acknowledged",
    params: { notifications, _meta },
  };
}

/** The answer of a modern server to a client that begins with `initialize`. */
export function refusal({ id }) {
  const data = { supported: [REVISION] };
  const error = { code: -32022, message: "There is no session here", data };
  return { jsonrpc: "2.0", id, error };
}
