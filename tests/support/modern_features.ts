// What the modern server of the tests offers: everything that a client of the initialize era can ask of one.

import {
  completable,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import type { ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Seen } from "./seen.ts";

/** What a test may watch and do. */
export interface Features {
  /** What the tools were told: `cancelled`, and the state of each retry. */
  readonly noted: Seen<string>;
  /** Ends the server in the middle of a call. */
  die(): void;
}

const FORM = {
  message: "Who are you?",
  requestedSchema: {
    type: "object" as const,
    properties: { name: { type: "string" as const } },
    required: ["name"],
  },
};
const SAMPLING = {
  messages: [{
    role: "user" as const,
    content: { type: "text" as const, text: "Say something" },
  }],
  maxTokens: 9,
};
const STEPS = 3;

/** Makes one server; each request over HTTP has one of its own. */
export function modernServer(features: Features): McpServer {
  const server = new McpServer(
    { name: "modern", version: "2.0.0", title: "The modern one" },
    {
      instructions: "Use it well",
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
      },
    },
  );
  addTools(server, features);
  addAskingTools(server, features);
  addOthers(server);
  return server;
}

function addTools(server: McpServer, { noted, die }: Features): void {
  server.registerTool("echo", {
    inputSchema: z.object({ text: z.string() }),
    annotations: { readOnlyHint: true },
  }, ({ text }) => said(text));
  server.registerTool("primes", {
    outputSchema: z.array(z.number()),
  }, () => ({ content: [], structuredContent: [2, 3, 5] }));
  server.registerTool("place", {
    outputSchema: z.object({ city: z.string() }),
  }, () => ({ content: [], structuredContent: { city: "Århus" } }));
  server.registerTool("regional", {
    inputSchema: fromJsonSchema<{ region: string }>({
      type: "object",
      properties: {
        region: { type: "string", "x-mcp-header": "Region" },
      },
      required: ["region"],
    } as never),
  }, ({ region }) => said(`in ${region}`));
  server.registerTool("steps", {}, async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken as string;
    for (let progress = 1; progress <= STEPS; progress++) {
      const params = { progressToken, progress, total: STEPS };
      await ctx.mcpReq.notify({ method: "notifications/progress", params });
    }
    return said("done");
  });
  server.registerTool("log", {}, async (ctx) => {
    await ctx.mcpReq.log("debug", "a detail");
    await ctx.mcpReq.log("error", "a failure");
    return said("logged");
  });
  server.registerTool("wait", {}, async ({ mcpReq: { signal } }) => {
    noted.add("waits");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    noted.add("cancelled");
    return said("never");
  });
  server.registerTool("large", {
    inputSchema: z.object({ bytes: z.number(), filling: z.string() }),
  }, ({ bytes }) => said("x".repeat(bytes)));
  server.registerTool("die", {}, async () => {
    die();
    return await new Promise<never>(() => {});
  });
}

/** Each asks for what it has not been given yet. */
function addAskingTools(server: McpServer, { noted }: Features): void {
  const asking = (
    name: string,
    requests: (round: number) => ReturnType<typeof requestsOf> | undefined,
  ) =>
    server.registerTool(name, {}, (ctx: ServerContext) => {
      const { inputResponses, requestState } = ctx.mcpReq;
      const round = Number(requestState() ?? 0);
      const wanted = requests(round);
      noted.add(`${name} ${round} ${JSON.stringify(inputResponses ?? {})}`);
      if (!wanted) return said(JSON.stringify(inputResponses ?? {}));
      return inputRequired({
        ...(Object.keys(wanted).length > 0 && { inputRequests: wanted }),
        requestState: String(round + 1),
      });
    });
  const once = (requests: ReturnType<typeof requestsOf>) => (round: number) =>
    round === 0 ? requests : undefined;
  const { form, visit, sample, roots } = requestsOf();
  asking("form", once({ form }));
  asking("visit", once({ visit }));
  asking("sample", once({ sample }));
  asking("roots", once({ roots }));
  asking("all", once({ form, visit, sample, roots }));
  asking("twice", (round) => round < 2 ? { form } : undefined);
  asking("later", once({}));
  asking("endless", () => ({ form }));
}

function requestsOf(): Record<string, ReturnType<typeof inputRequired.elicit>> {
  return {
    form: inputRequired.elicit(FORM),
    visit: inputRequired.elicitUrl({
      message: "Sign in",
      url: "https://sign.in/here",
    }),
    sample: inputRequired.createMessage(SAMPLING),
    roots: inputRequired.listRoots(),
  };
}

function addOthers(server: McpServer): void {
  server.registerPrompt("greet", {
    argsSchema: z.object({
      name: completable(
        z.string(),
        (value) =>
          ["Ada", "Alan", "Bob"].filter((one) => one.startsWith(value)),
      ),
    }),
  }, ({ name }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Hi ${name}` } }],
  }));
  server.registerResource("memo", "memo://one", {}, ({ href: uri }) => ({
    contents: [{ uri, text: "one" }],
  }));
  server.registerResource(
    "any",
    new ResourceTemplate("memo://any/{id}", { list: undefined }),
    {},
    ({ href: uri }, { id }) => ({ contents: [{ uri, text: `any ${id}` }] }),
  );
}

function said(text: string) {
  return { content: [{ type: "text" as const, text }] };
}
