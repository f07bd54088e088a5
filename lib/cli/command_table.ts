// What can be typed: the commands, their options and the values of these. Parser and completions read it here.

import { CLIENT_NAMES } from "./connect/client_names.ts";

/** What is known of a value before it is typed: names that the configuration has, or these words. */
export type ValueSource = "files" | "tokens" | "servers" | readonly string[];

/** The value of an option. */
export interface OptionValue {
  /** For who forgot it. */
  readonly what: string;
  /** What stands for it in the usage. */
  readonly sign: string;
  /** Absent where nothing can be proposed. */
  readonly from?: ValueSource;
  /** Whether nothing is a value, too. */
  readonly mayBeEmpty?: true;
}

interface OptionEntry {
  readonly type: "string" | "boolean";
  /** Whether it may be given several times. */
  readonly multiple?: boolean;
  readonly short?: string;
  readonly value?: OptionValue;
  readonly does: string;
}

/** The options, as `parseArgs` takes them, with what they do in a few words. */
export const OPTIONS = {
  config: {
    type: "string",
    value: { what: "a file name", sign: "FILE", from: "files" },
    does: "the configuration",
  },
  token: {
    type: "string",
    value: { what: "the name of a token", sign: "NAME", from: "tokens" },
    does: "as this token",
  },
  server: {
    type: "string",
    value: { what: "the name of a server", sign: "NAME", from: "servers" },
    does: "only this server",
  },
  tool: {
    type: "string",
    value: { what: "the name of a tool", sign: "NAME" },
    does: "whether this tool may be called",
  },
  scopes: {
    type: "string",
    value: { what: "scopes", sign: '"SCOPE SCOPE"', mayBeEmpty: true },
    does: "as an access token with these scopes",
  },
  groups: {
    type: "string",
    value: { what: "groups", sign: '"GROUP,GROUP"', mayBeEmpty: true },
    does: "as a caller with an access token who is in these groups",
  },
  email: {
    type: "string",
    value: { what: "an e-mail address", sign: "ADDRESS" },
    does: "as a caller with an access token who has this address",
  },
  client: {
    type: "string",
    value: { what: "the name of a client", sign: "NAME", from: CLIENT_NAMES },
    does: "only this client",
  },
  only: {
    type: "string",
    multiple: true,
    value: {
      what: "the name of a server, or of a tool after it",
      sign: "SERVER/TOOL",
      from: "servers",
    },
    does: "only this server, or this tool of it",
  },
  summary: {
    type: "string",
    multiple: true,
    value: { what: "a file name", sign: "FILE", from: "files" },
    does: "where to write what was called",
  },
  log: {
    type: "string",
    multiple: true,
    value: { what: "a file name", sign: "FILE", from: "files" },
    does: "the file of the log",
  },
  import: { type: "boolean", does: "take over the servers of clients" },
  port: {
    type: "string",
    value: { what: "a port", sign: "PORT" },
    does: "the port for the command that follows",
  },
  connect: { type: "boolean", does: "connect to the servers" },
  json: { type: "boolean", does: "print JSON" },
  plain: { type: "boolean", does: "print no hash, but the token itself" },
  validate: { type: "boolean", does: "check the configuration" },
  version: { type: "boolean", does: "print the version" },
  help: { type: "boolean", short: "h", does: "print the usage" },
} as const satisfies Record<string, OptionEntry>;

/** The name of an option. */
export type Option = keyof typeof OPTIONS;

interface CommandEntry {
  readonly options: readonly Option[];
  /** The words of which one follows. */
  readonly words?: readonly string[];
  /** Those that nobody types. */
  readonly innerWords?: readonly string[];
  /** Whether a command to be run follows, after `--`. */
  readonly runs?: true;
  readonly does: string;
}

/** What may follow each command. */
export const COMMANDS = {
  serve: {
    options: ["config", "validate", "version", "help"],
    does: "run the gateway",
  },
  front: {
    options: ["port", "version", "help"],
    does: "run the gateway for one command, behind two dashes",
  },
  init: {
    options: ["config", "import", "client", "help"],
    does: "write a configuration to begin with",
  },
  check: {
    options: ["config", "token", "json", "help"],
    does: "connect to every server, and print what each has",
  },
  explain: {
    options: [
      "config",
      "token",
      "scopes",
      "groups",
      "email",
      "server",
      "tool",
      "connect",
      "json",
      "help",
    ],
    does: "print what a token may do, and which rule decides it",
  },
  connect: {
    options: ["config", "server", "token", "client", "json", "help"],
    does: "print what to put into the configuration of a client",
  },
  exec: {
    options: ["config", "token", "only", "summary", "log", "help"],
    runs: true,
    does: "run a command with a gateway of its own",
  },
  token: {
    options: ["plain", "help"],
    words: ["new", "hash"],
    does: "make a token, or hash one",
  },
  tokens: {
    options: ["config", "log", "json", "help"],
    does: "print when each token was used last",
  },
  schema: {
    options: ["help"],
    does: "print the JSON Schema of the configuration",
  },
  completions: {
    options: ["help"],
    words: ["bash", "zsh", "fish"],
    does: "print a script that completes command lines",
  },
  demo: {
    options: ["help"],
    words: ["database"],
    innerWords: ["statement"],
    does: "be the sample database",
  },
  names: {
    options: ["config"],
    innerWords: ["tokens", "servers"],
    does: "print the names in a configuration",
  },
  reaper: { options: [], does: "end the children that are left" },
} as const satisfies Record<string, CommandEntry>;

/** The name of a command. */
export type Word = keyof typeof COMMANDS;

/** The commands that nobody types: two go without saying, the others are for mcp-front itself. */
const UNTYPED: readonly string[] = ["serve", "front", "names", "reaper"];

/** The commands that are typed, in the order of the usage. */
export function typedCommands(): Word[] {
  const words = Object.keys(COMMANDS) as Word[];
  return words.filter((word) => !UNTYPED.includes(word));
}

/** The options that may follow a command. */
export function optionsOf(word: Word): readonly Option[] {
  return COMMANDS[word].options;
}

/** Whether an option may be given several times. */
export function isRepeatable(option: string): boolean {
  const entry: OptionEntry | undefined = OPTIONS[option as Option];
  return entry?.multiple ?? false;
}

/** Whether a command to be run may follow, after `--`. */
export function runsCommand(word: Word): boolean {
  const entry: CommandEntry = COMMANDS[word];
  return entry.runs ?? false;
}

/** What an option's value is; undefined where it takes none. */
export function valueOf(option: Option): OptionValue | undefined {
  const entry: OptionEntry = OPTIONS[option];
  return entry.value;
}

/** Whether there is an option of this name. */
export function isOption(name: string): name is Option {
  return Object.hasOwn(OPTIONS, name);
}
