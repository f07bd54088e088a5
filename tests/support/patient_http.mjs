// Loaded into a server before its own program: it never closes idle connections. Node does after 5 s, and a POST of
// a client on Bun that meets this moment fails, which is right but no subject of tests that use a server for long.

import http from "node:http";
import { syncBuiltinESMExports } from "node:module";

const { createServer } = http;
http.createServer = (...args) => {
  const server = createServer(...args);
  server.keepAliveTimeout = 0;
  return server;
};
syncBuiltinESMExports();
