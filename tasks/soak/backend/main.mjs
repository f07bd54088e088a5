// The server behind the gateway in a soak: `main.mjs stdio NAME`, `main.mjs modern NAME` or `main.mjs http NAME PORT`.

import process from "node:process";
import { serveHttp } from "./http.mjs";
import { serveModern, serveStdio } from "./stdio.mjs";

const [transport, name, port] = process.argv.slice(2);
if (transport === "stdio") serveStdio(name);
else if (transport === "modern") serveModern(name);
else serveHttp(name, Number(port));
