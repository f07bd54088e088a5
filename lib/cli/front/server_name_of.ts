// A name for the server that a command starts.

import { serverName } from "../server_names.ts";

/** A program that starts another one, which is among its arguments. */
interface Runner {
  /** Words that stand before it. */
  readonly words?: readonly string[];
  /** Options that the next argument belongs to. */
  readonly valued?: readonly string[];
}

const NODE_RUNNER: Runner = {
  words: ["dlx", "exec", "run", "x"],
  valued: ["-c", "--call", "-w", "--workspace"],
};

const RUNNERS: Readonly<Record<string, Runner>> = {
  npx: NODE_RUNNER,
  npm: NODE_RUNNER,
  pnpm: NODE_RUNNER,
  pnpx: NODE_RUNNER,
  yarn: NODE_RUNNER,
  bunx: NODE_RUNNER,
  bun: NODE_RUNNER,
  deno: { words: ["run"], valued: ["-c", "--config"] },
  node: { valued: ["-r", "--require", "--import"] },
  tsx: {},
  uvx: { valued: ["--with", "-p", "--python"] },
  uv: {
    words: ["run", "tool"],
    valued: ["--with", "-p", "--python", "--directory", "--project"],
  },
  pipx: { words: ["run"] },
  python: {},
  python3: {},
  docker: {
    words: ["run"],
    valued: ["-e", "--env", "-v", "--volume", "--mount", "--name", "--network"],
  },
  "mcp-front": { words: ["demo"] },
};

/** File names that say nothing of what a server is for: the folder around it may. */
const GENERIC =
  /^(?:index|main|server|cli|app|start|dist|build|bin|src|lib|mcp)$/i;

/** What the names of many servers have besides. */
const PREFIX = /^(?:mcp[-_])?(?:server[-_]|mcp[-_])/i;
const SUFFIX = /[-_](?:mcp[-_]server|server[-_]mcp|mcp|server)$/i;

/** `everything` for `npx -y @modelcontextprotocol/server-everything`; a guess that can stand in a url. */
export function serverNameOf(command: string, args: readonly string[]): string {
  const runner = RUNNERS[stem(command)];
  const program = (runner && programIn(args, runner)) ?? command;
  const steps = program.replace(/(?<=.)@[\w.^~*-]+$/, "").replace(
    /:[\w.-]+$/,
    "",
  )
    .split(/[/\\]/).map(withoutEnding).filter((step) => step !== "");
  const step = steps.findLast((one) => !GENERIC.test(one)) ?? steps.at(-1) ??
    "";
  const core = step.replace(PREFIX, "").replace(SUFFIX, "");
  return serverName(core === "" ? step : core);
}

function programIn(
  args: readonly string[],
  { words = [], valued = [] }: Runner,
): string | undefined {
  return args.find((argument, index) =>
    !argument.startsWith("-") && !words.includes(argument) &&
    !valued.includes(args[index - 1] ?? "")
  );
}

function stem(command: string): string {
  return (command.split(/[/\\]/).at(-1) ?? "").replace(/\.(?:exe|cmd)$/i, "");
}

function withoutEnding(step: string): string {
  return step.replace(/\.(?:[cm]?[jt]s|py|sh|exe|cmd|bat|jar)$/i, "");
}
