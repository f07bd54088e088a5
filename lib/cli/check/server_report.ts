// What was found out about one server.

/** How many of each there are; absent where the server does not announce that it has any. */
export interface Offers {
  readonly tools?: number;
  readonly prompts?: number;
  readonly resources?: number;
  readonly resourceTemplates?: number;
}

/** What a server said of itself when it was connected to. */
export interface Greeting {
  /** The revision that was agreed on. */
  readonly revision?: string;
  /** What it calls itself. */
  readonly name?: string;
  readonly version?: string;
  /** From the beginning to the answer, in milliseconds. */
  readonly connectMs: number;
}

/** Why a server cannot be used. Its texts hold no secret and nothing that steers a terminal, and are of bounded length. */
export interface Failure {
  /** The gateway's name of the error (`data.fault`), or `backend_error` where the server answered with one of its own. */
  readonly fault: string;
  /** One line. */
  readonly message: string;
  /** What the server's process wrote on stderr last. */
  readonly lastWords: readonly string[];
  readonly hint?: string;
}

interface Common {
  /** Its name in the file. */
  readonly name: string;
  /** The name of the token it was connected to with; absent where none may use it. */
  readonly token?: string;
  /** `stdio`, `sse` or `streamable-http`; `auto` where that was to be found out, and was not. */
  readonly transport: string;
}

/** The report on one server; `Found` is what it was asked for. */
export type ServerReport<Found = Offers> =
  & Common
  & (
    | {
      readonly status: "ready";
      readonly greeting: Greeting;
      readonly offers: Found;
    }
    | {
      readonly status: "failed";
      /** Present where it failed after it was connected to. */
      readonly greeting?: Greeting;
      readonly failure: Failure;
    }
    | { readonly status: "not_allowed"; readonly rule: string }
  );
