// The channel contract, run by the two transports towards clients.

import { HttpClientPeer } from "../support/http_client_peer.ts";
import { channelContract } from "./channel_contract.ts";

channelContract("HTTP+SSE to a client", {
  async open() {
    const { channel, peer } = await HttpClientPeer.sse();
    // The stream is read from a bare socket, and only as far as the test listens.
    const stopReading = () => {};
    return { channel, peer: Object.assign(peer, { stopReading }) };
  },
  onLeave: "returns",
  onStall: "client_stalled",
});

channelContract("Streamable HTTP to a client", {
  open: () => HttpClientPeer.streamable(),
  onLeave: "returns",
});
