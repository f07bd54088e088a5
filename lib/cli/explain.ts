// `mcp-front explain`: what a token may do, and which rule of the file decides it.

import type { Config } from "../../mod.ts";
import { accessRulesOf } from "../config/access_rules.ts";
import type { AccessRules } from "../config/access_rules.ts";
import { terminalColumns } from "../runtime/terminal.ts";
import { plan } from "./check/plan.ts";
import { presentable } from "./check/presentable.ts";
import { goRound } from "./check/round.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { explainedFrom, toolsOf, withoutScopes } from "./explain/connected.ts";
import { explained } from "./explain/explanation.ts";
import type { Question, ServerExplanation } from "./explain/explanation.ts";
import { explanationJson } from "./explain/explanation_json.ts";
import { explanationText } from "./explain/explanation_text.ts";
import type { Subject } from "./explain/explanation_text.ts";
import { checkServerName, checkTokenName } from "./known_names.ts";
import { rulesOrExplain } from "./load_or_explain.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import { printProblems } from "./print_problems.ts";
import { refuseOpenRules } from "./refuse_open_rules.ts";
import type { Surroundings } from "./surroundings.ts";

/** What to explain, from what, and how to tell it. */
export interface ExplainOptions {
  /** The config file. */
  readonly file?: string;
  /** The token's name; without it nothing can be explained. */
  readonly token?: string;
  /** The only server of interest. */
  readonly server?: string;
  /** The only tool of interest. */
  readonly tool?: string;
  /** Whether the servers are asked for their tools. */
  readonly source: "rules" | "servers";
  readonly format: "table" | "json";
}

/**
 * Prints the explanation to stdout. Resolves with 0, and with 1 where a server that was to be
 * asked failed. Throws a `CommandError` for a file or a name that cannot be used.
 */
export async function explain(
  options: ExplainOptions,
  { environment }: Surroundings,
): Promise<number> {
  const file = configFile(options.file);
  if (options.source === "servers") {
    return await explainServers(file, options, environment);
  }
  const paint = palette("stderr", environment);
  const { rules, warnings } = await rulesOrExplain(file, environment, paint);
  const question = questionOf(options, rules, file);
  refuseOpenRules(rules, file);
  await printProblems(warnings, paint);
  const servers = explained(question, rules);
  const { format } = options;
  await tell(servers, { ...question, file, format, environment });
  return EXIT_CODES.done;
}

async function explainServers(
  file: string,
  options: ExplainOptions,
  environment: Surroundings["environment"],
): Promise<number> {
  const question = (config: Config) =>
    questionOf(options, accessRulesOf(config), file);
  return await goRound(file, {
    prepare(config) {
      const { token, server: wanted } = question(config);
      const steps = plan(config, file, token)
        .filter(({ server }) => server.name === (wanted ?? server.name));
      return { steps, config: withoutScopes(config) };
    },
    ask: toolsOf,
    async conclude(reports, config) {
      const asked = question(config);
      const servers = explainedFrom(reports, asked, {
        rules: accessRulesOf(config),
        presentable: presentable(config, environment),
      });
      const { format } = options;
      await tell(servers, { ...asked, file, format, environment });
      return reports.some(({ status }) => status === "failed")
        ? EXIT_CODES.failed
        : EXIT_CODES.done;
    },
  }, environment);
}

/** Throws a `CommandError` where the token or the server does not exist. */
function questionOf(
  { token, server, tool }: ExplainOptions,
  { tokens, servers, expiries }: AccessRules,
  file: string,
): Question {
  if (token === undefined) {
    throw new CommandError(
      "explain needs the name of a token",
      `write -token NAME; the tokens are: ${[...tokens.keys()].join(", ")}`,
      EXIT_CODES.usage,
    );
  }
  checkTokenName(token, tokens, file);
  if (server !== undefined) checkServerName(server, servers.keys(), file);
  return { token, server, tool, expires: expiries.get(token) };
}

async function tell(
  servers: readonly ServerExplanation[],
  { format, environment, ...subject }: Subject & {
    readonly format: ExplainOptions["format"];
    readonly environment: Surroundings["environment"];
  },
): Promise<void> {
  const text = format === "json"
    ? explanationJson(servers, subject)
    : explanationText(servers, subject, {
      columns: terminalColumns("stdout"),
      palette: palette("stdout", environment),
    });
  await print("stdout", text);
}
