// A gateway before servers whose every word a test decides.

import { startGateway } from "./in_process_gateway.ts";
import type { InProcessGateway } from "./in_process_gateway.ts";
import { HELLO, Puppets } from "./puppets.ts";
import type { Puppet } from "./puppets.ts";
import type { ClientTransport, RawClient, RawOptions } from "./raw_client.ts";
import { RawStreamableClient } from "./raw_client.ts";
import { rawAtRoot } from "./root_client.ts";

/** What a server says of itself that has everything. */
export const CAPABLE = {
  ...HELLO,
  capabilities: {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    logging: {},
    completions: {},
  },
};

/** A client with the servers of its session. */
export interface PuppetSession<Name extends string> extends AsyncDisposable {
  readonly client: RawClient;
  readonly servers: Readonly<Record<Name, Puppet>>;
}

/** Each session has a puppet of each name; disposing of it ends them and the gateway. */
export class PuppetRoot<Name extends string> implements AsyncDisposable {
  readonly gateway: InProcessGateway;
  readonly #puppets: ReadonlyMap<Name, Puppets>;

  private constructor(
    gateway: InProcessGateway,
    puppets: ReadonlyMap<Name, Puppets>,
  ) {
    this.gateway = gateway;
    this.#puppets = puppets;
  }

  /** @param others entries of `mcpServers` behind those of the puppets */
  static async start<Name extends string>(
    names: readonly Name[],
    others: Readonly<Record<string, unknown>> = {},
    proxy: Readonly<Record<string, unknown>> = {},
  ): Promise<PuppetRoot<Name>> {
    const puppets = new Map<Name, Puppets>();
    for (const name of names) puppets.set(name, await Puppets.start());
    const entries = [...puppets].map(([name, { entry }]) => [name, entry]);
    const servers = { ...Object.fromEntries(entries), ...others };
    return new this(await startGateway(servers, proxy), puppets);
  }

  /** The child of this number of one server, once it is started. */
  life(name: Name, number: number): Promise<Puppet> {
    return (this.#puppets.get(name) as Puppets).life(number);
  }

  /** How many children of one server were started. */
  count(name: Name): number {
    return this.#puppets.get(name)?.count ?? 0;
  }

  /** The next children of all servers; it is not waited for what they say. */
  async next(): Promise<Readonly<Record<Name, Puppet>>> {
    const lives = [...this.#puppets].map(async ([name, puppets]) =>
      [name, await puppets.life(puppets.count + 1)] as const
    );
    const found = Object.fromEntries(await Promise.all(lives));
    return found as Record<Name, Puppet>;
  }

  /** Connects a client whose servers all say hello; it listens on a stream of its own. */
  async connect(
    transport: ClientTransport,
    options?: Partial<RawOptions>,
  ): Promise<PuppetSession<Name>> {
    const coming = this.next();
    const connecting = rawAtRoot(this.gateway, transport, options);
    const servers = await coming;
    const all = Object.values<Puppet>(servers);
    await Promise.all(all.map((one) => one.hello(CAPABLE)));
    const client = await connecting;
    if (client instanceof RawStreamableClient) await client.listen();
    await Promise.all(all.map((one) => one.told("notifications/initialized")));
    return {
      client,
      servers,
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    for (const puppets of this.#puppets.values()) {
      await puppets[Symbol.asyncDispose]();
    }
  }
}
