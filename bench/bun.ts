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

interface PluginBuild {
  /** Gives the contents of the files whose paths match. */
  onLoad(
    files: { readonly filter: RegExp },
    load: () => { readonly contents: string; readonly loader: "ts" },
  ): void;
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
  plugin(options: {
    readonly name: string;
    setup(build: PluginBuild): void;
  }): void;
}

/** Bun, which runs what imports this. */
export const bun = (globalThis as unknown as { readonly Bun: BunGlobal }).Bun;
