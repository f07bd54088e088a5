// The client's side of what servers ask and tell: it records everything, and answers as a willing user would.

import type { Message } from "../../lib/protocol/messages.ts";
import { Seen } from "./seen.ts";

/** A request or notification that the server sent. */
export interface FromServer {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** One client's user, with everything switched on that a client can declare. */
export class Counterpart {
  readonly info = { name: "official", version: "1.0.0" };
  readonly capabilities = {
    sampling: {},
    elicitation: { form: {}, url: {} },
    roots: { listChanged: true },
  };
  /** All messages as they come in, before the SDK looks at them. */
  readonly arrived = new Seen<Message>(show);
  readonly requests = new Seen<FromServer>(show);
  readonly notifications = new Seen<FromServer>(show);
  roots: readonly { readonly uri: string; readonly name: string }[] = [
    { uri: "file:///first", name: "first" },
  ];

  notified({ method, params }: FromServer): void {
    this.notifications.add({ method, params });
  }

  sample({ method, params }: FromServer) {
    this.requests.add({ method, params });
    return {
      model: "a-model",
      role: "assistant" as const,
      stopReason: "endTurn",
      content: { type: "text" as const, text: "a sampled answer: ünï↯😀" },
    };
  }

  elicit({ method, params }: FromServer) {
    this.requests.add({ method, params });
    const action = "accept" as const;
    if (params?.mode === "url") return { action };
    const content: Record<string, string | boolean> =
      JSON.stringify(params).includes("interpretation")
        ? { interpretation: "technical" }
        : { name: "Ada", check: true };
    return { action, content };
  }

  listRoots({ method, params }: FromServer) {
    this.requests.add({ method, params });
    return { roots: [...this.roots] };
  }
}

/** What both generations call a transport, as far as listening to it goes. */
interface Overheard {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}

/** Notes what comes in on the transport of a connected client. */
export function overhear(transport: Overheard, { arrived }: Counterpart): void {
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => {
    arrived.add(message);
    onmessage?.(message, extra);
  };
}

function show(item: unknown): string {
  return JSON.stringify(item);
}
