// Server-sent events of the fault server, whole and cut.

/** Begins an event stream. */
export function beginEvents(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

/** Writes one message as an event; resolves when it is written, or when nobody is there to read it. */
export function writeMessage(response, message) {
  if (response.destroyed || response.writableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.write(`data: ${JSON.stringify(message)}\n\n`, () => {
      response.off("close", resolve);
      resolve();
    });
  });
}

/** Breaks a stream off in the middle of an event. */
export function cutEvents(response) {
  response.write('data: {"jsonrpc":"2.0",', () => response.destroy());
}
