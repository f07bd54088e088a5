// A child process whose pipes are led to a socket, so that a test can be the server: `puppet.mjs PORT`.

import { connect } from "node:net";
import process from "node:process";

const socket = connect(Number(process.argv[2]), "127.0.0.1");
process.stdin.pipe(socket);
socket.pipe(process.stdout);
socket.on("close", () => process.exit(0));
socket.on("error", () => process.exit(1));
