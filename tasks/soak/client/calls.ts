// A call of a tool and the one answer that is right for it.

/** A planned call; what makes it unmistakable is added by the session that makes it. */
export interface Call {
  readonly tool: string;
  /** Beside the nonce and the text. */
  readonly args: Readonly<Record<string, unknown>>;
  /** How much text is sent along, in characters. */
  readonly size: number;
}

/** The arguments as they are sent. */
export interface CallArguments {
  readonly nonce: string;
  readonly text: string;
  readonly [name: string]: unknown;
}

/** What a tool answers with. */
export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent: {
    readonly client: string;
    readonly server: string;
    readonly nonce: string;
  };
}

/** Whose call it is. */
export interface Caller {
  /** The name of the session. */
  readonly client: string;
  /** What its server calls itself. */
  readonly server: string;
  /** Whether the server may ask it something. */
  readonly canBeAsked: boolean;
}

/** Of one to four bytes each, with what JSON and event streams have to escape. */
const FILLING = 'the "quick"\\fox\n\r\u2028 é 漢 😀 \u0000 ';

/** The arguments of a call that nobody else makes. */
export function argumentsOf({ args, size }: Call, nonce: string) {
  const text = `${nonce}:`.padEnd(size, FILLING).toWellFormed();
  return { ...args, nonce, text };
}

/** What the client of a session answers when its server asks who it is. */
export function identityOf(client: string, nonce: string): string {
  return `I am ${client} and you ask for ${nonce}`;
}

/** What is wrong with an answer; `undefined` when it is the right one. */
export function wrongIn(
  result: unknown,
  tool: string,
  sent: CallArguments,
  { client, server, canBeAsked }: Caller,
): string | undefined {
  const { content, structuredContent } = (result ?? {}) as Partial<ToolResult>;
  const wanted = { client, server, nonce: sent.nonce };
  for (const [name, value] of Object.entries(wanted)) {
    const found = structuredContent?.[name as keyof typeof wanted];
    if (found !== value) return `${name} is ${found}, wanted ${value}`;
  }
  const text = content?.[0]?.text;
  const wasRefused = text?.startsWith("error: ") === true;
  if (tool === "whoami" && !canBeAsked && wasRefused) return undefined;
  const right = textFor(tool, sent, client);
  if (text === right) return undefined;
  return `the text of ${text?.length} characters is not the one of ${right.length} that was due: ${
    text?.slice(0, 100)
  }`;
}

function textFor(tool: string, sent: CallArguments, client: string): string {
  if (tool === "whoami") return identityOf(client, sent.nonce);
  if (tool !== "big") return sent.text;
  const bytes = sent.bytes as number;
  return sent.text.repeat(Math.ceil(bytes / sent.text.length)).slice(0, bytes);
}
