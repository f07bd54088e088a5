// A conversation that begins over Streamable HTTP and moves to another transport when the handshake shows that it must.

import type { OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { SwitchingChannel } from "../../channel/switching_channel.ts";
import { GatewayError } from "../../errors.ts";
import { WrongTransport } from "./http_failures.ts";

/** What a probing channel needs of its backend. */
export interface Probe {
  /** The backend's name. */
  readonly name: string;
  /** Whose conversation it is; its bounds hold for what is kept. */
  readonly context: Pick<OpenContext, "limits" | "memory">;
  /** The channel that is tried; throws `WrongTransport` to show that it is the wrong one. */
  readonly first: Channel;
  /** Opens the channel over the other transport. */
  openOther(signal: AbortSignal): Promise<Channel>;
  /** Called once with whether the first transport worked. */
  settled(outcome: "worked" | "failed"): void;
}

/** The refusal of the handshake proves that the backend took nothing of what was sent. */
export function probingChannel(probe: Probe): Channel {
  const { name, context: { limits, memory }, first, settled } = probe;
  return new SwitchingChannel({
    name,
    limits,
    memory,
    first,
    judge(envelope) {
      // The first message shows that the transport is right; only a result, that it works.
      settled(envelope.head.failed ? "failed" : "worked");
      return "right";
    },
    isWrong: (error) => error instanceof WrongTransport,
    other(refusal, { signal }) {
      settled("failed");
      return openOther(probe, refusal as WrongTransport, signal);
    },
  });
}

async function openOther(
  { name, openOther }: Probe,
  refusal: WrongTransport,
  signal: AbortSignal,
): Promise<Channel> {
  try {
    return await openOther(signal);
  } catch (error) {
    if (!(error instanceof WrongTransport)) throw error;
    const server = `Server "${name}"`;
    const short = ({ message }: Error) => message.replace(`${server} `, "it ");
    throw new GatewayError(
      "backend_protocol",
      `${server} speaks neither Streamable HTTP (${
        short(refusal)
      }) nor HTTP+SSE (${short(error)})`,
      { hint: `Check its "url"` },
    );
  }
}
