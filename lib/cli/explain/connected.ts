// What a token may do with the tools that its servers have, by asking them.

import type { Client } from "../../../deps.ts";
import type { Config } from "../../../mod.ts";
import type { AccessRules } from "../../config/access_rules.ts";
import { closest } from "../../config/closest.ts";
import { listAll } from "../check/list_all.ts";
import type { Asking } from "../check/list_all.ts";
import type { Presentable } from "../check/presentable.ts";
import type { ServerReport } from "../check/server_report.ts";
import { explained, toolVerdict } from "./explanation.ts";
import { judgementFor } from "./judgement.ts";
import type {
  Question,
  ServerExplanation,
  ToolVerdict,
} from "./explanation.ts";

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly annotations?: { readonly readOnlyHint?: unknown };
}

/** What was found out about each server that was asked. */
export type ToolReports = readonly ServerReport<readonly ListedTool[]>[];

/** All tools of a server; none where it does not announce that it has any. Throws what `listAll` throws. */
export async function toolsOf(
  client: Client,
  asking: Asking,
): Promise<readonly ListedTool[]> {
  const items = await listAll(client, "tools", asking);
  return (items ?? []) as readonly ListedTool[];
}

/** The same servers for the same tokens, but nothing hidden of what they offer: the verdicts are told besides. */
export function withoutScopes(config: Config): Config {
  const servers = config.servers.map(({ toolFilter: _, ...rest }) => rest);
  return { ...config, servers, scopes: new Map() };
}

/** What the rules say about the tools that were found. */
export function explainedFrom(
  reports: ToolReports,
  question: Question,
  { rules, presentable }: {
    readonly rules: AccessRules;
    readonly presentable: Presentable;
  },
): ServerExplanation[] {
  const { tool } = question;
  const policy = judgementFor(question, rules);
  const found = new Map(reports.map((report) => [report.name, report]));
  const judged = (server: string, listed: ListedTool): ToolVerdict => {
    const { name, annotations } = listed;
    // Without the annotation a tool is taken to change something (2025-11-25 `schema` § ToolAnnotations).
    const readOnlyHint = annotations?.readOnlyHint === true;
    const asked = { kind: "tool", server, name, readOnlyHint } as const;
    return toolVerdict(presentable(name), policy.allows(asked));
  };
  return explained({ ...question, tool: undefined }, rules).map((about) => {
    const report = found.get(about.name);
    if (report?.status === "failed") {
      return { ...about, failure: report.failure };
    }
    if (report?.status !== "ready") return about;
    const all = report.offers;
    const wanted = all.filter(({ name }) => name === (tool ?? name));
    const tools = wanted.map((one) => judged(about.name, one));
    return tool !== undefined && tools.length === 0
      ? { ...about, tools: [absent(tool, all, presentable)] }
      : { ...about, tools };
  });
}

function absent(
  name: string,
  all: readonly ListedTool[],
  presentable: Presentable,
): ToolVerdict {
  const guess = closest(name, all.map((one) => one.name));
  const meant = guess === undefined
    ? ""
    : `; did you mean "${presentable(guess)}"?`;
  const rule = `the server has no such tool${meant}`;
  return { name, verdict: "absent", rule };
}
