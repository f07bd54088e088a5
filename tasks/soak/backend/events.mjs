// How the soak's server writes server-sent events.

/** Begins a stream of events. */
export function beginStream(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

/** One message as an event. */
export function event(response, message) {
  response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

/** Breaks off in the middle of a message. */
export function breakOff(response, id) {
  const begun = `event: message\ndata: {"jsonrpc":"2.0","id":${
    JSON.stringify(id)
  },"re`;
  response.write(begun, () => response.destroy());
}

/** A page where a message was due. */
export function page(response) {
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>Maintenance</title>");
}
