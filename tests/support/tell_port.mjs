// Loaded into a server before its own program: it says where it listens, so that it can be started on any free port.

import { Server } from "node:net";

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  this.once("listening", () => {
    console.error(`listening on port ${this.address().port}`);
  });
  return listen.apply(this, args);
};
