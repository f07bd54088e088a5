// An explanation in one sentence.

import { momentText } from "../../moment.ts";
import { whoText } from "./judgement.ts";
import type { Question, ServerExplanation, Verdict } from "./explanation.ts";

/**
 * Such as `"ci" may use 2 of 3 servers and 5 of 9 tools, 1 depends; 1 failed`, and where one
 * tool was asked about `"ci" may call "query" on 1 of 3 servers`.
 */
export function summary(
  servers: readonly ServerExplanation[],
  question: Question,
): string {
  const { tool, expires } = question;
  const tools = servers.flatMap(({ tools = [] }) => tools)
    .filter(({ verdict }) => verdict !== "absent");
  const counted = (wanted: Verdict) =>
    tools.filter(({ verdict }) => verdict === wanted).length;
  const open = servers.filter(({ entry }) => entry.allowed).length;
  const allowed = counted("allowed");
  const usable = tool === undefined
    ? `use ${ofAll(open, servers, "server")}` +
      (tools.length === 0 ? "" : ` and ${ofAll(allowed, tools, "tool")}`)
    : `call "${tool}" on ${ofAll(allowed, servers, "server")}`;
  const depends = counted("depends");
  const failed = servers.filter(({ failure }) => failure !== undefined).length;
  return `${whoText(question)} may ${usable}` +
    (depends === 0
      ? ""
      : `, ${depends} ${depends === 1 ? "depends" : "depend"}`) +
    (failed === 0 ? "" : `; ${failed} failed`) +
    (expires === undefined ? "" : `; ${endOf(expires)}`);
}

function endOf(expires: Date): string {
  const end = momentText(expires);
  return expires.getTime() <= Date.now()
    ? `it has expired: it was valid until ${end}`
    : `it is valid until ${end}`;
}

function ofAll(count: number, all: readonly unknown[], what: string): string {
  return `${count} of ${all.length} ${what}${all.length === 1 ? "" : "s"}`;
}
