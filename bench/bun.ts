// The parts of Bun's own interface that the benchmark's servers use; its published types do not go with Deno's.

interface Served {
  readonly port: number;
}

interface Child {
  readonly stdin: {
    write(text: string): void;
    flush(): void;
    end(): void;
  };
  readonly stdout: ReadableStream<Uint8Array>;
}

interface BunGlobal {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly idleTimeout: number;
    readonly fetch: (request: Request) => Response | Promise<Response>;
  }): Served;
  spawn(
    command: readonly string[],
    options: { readonly stdin: "pipe"; readonly stdout: "pipe" },
  ): Child;
}

/** Bun, which runs what imports this. */
export const bun = (globalThis as unknown as { readonly Bun: BunGlobal }).Bun;
