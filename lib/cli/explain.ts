// `mcp-front explain`: what a token may do, and which rule of the file decides it.

import type { Config } from "../../mod.ts";
import { accessRulesOf } from "../config/access_rules.ts";
import type { AccessRules } from "../config/access_rules.ts";
import { terminalColumns } from "../runtime/terminal.ts";
import { presentable } from "./check/presentable.ts";
import { goRound } from "./check/round.ts";
import { withoutOAuth } from "./check/without_oauth.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { callerOf } from "./explain/caller.ts";
import type { CallerWords } from "./explain/caller.ts";
import { explainedFrom, toolsOf, withoutScopes } from "./explain/connected.ts";
import { explained } from "./explain/explanation.ts";
import type { Question, ServerExplanation } from "./explain/explanation.ts";
import { explanationJson } from "./explain/explanation_json.ts";
import { explanationText } from "./explain/explanation_text.ts";
import type { Subject } from "./explain/explanation_text.ts";
import { planFor } from "./explain/plan_for.ts";
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
  /** The token's name; without it, and without a caller, nothing can be explained. */
  readonly token?: string;
  /** What the access token of a caller says. */
  readonly caller: CallerWords;
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
      const asked = question(config);
      const { server: wanted } = asked;
      const steps = planFor(asked, config, file)
        .filter(({ server }) => server.name === (wanted ?? server.name));
      return { steps, config: withoutOAuth(withoutScopes(config)) };
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
  { token, server, tool, ...options }: ExplainOptions,
  { tokens, servers, expiries, oauth }: AccessRules,
  file: string,
): Question {
  const caller = callerOf(options.caller, oauth, file);
  if (token !== undefined) checkTokenName(token, tokens, file);
  if (token !== undefined && caller !== undefined) {
    throw wrong(
      "-token is for static tokens, and these have no scopes or groups",
      "leave it out to explain what an access token may do",
    );
  }
  if (server !== undefined) checkServerName(server, servers.keys(), file);
  if (caller !== undefined) return { caller, server, tool };
  if (token !== undefined) {
    return { token, server, tool, expires: expiries.get(token) };
  }
  const names = [...tokens.keys()].join(", ");
  const other = 'write -scopes "SCOPE SCOPE" for an access token';
  if (names === "") {
    throw wrong("explain needs to know for whom", other);
  }
  throw wrong(
    "explain needs the name of a token",
    `write -token NAME; the tokens are: ${names}` +
      (oauth === undefined ? "" : `; or ${other}`),
  );
}

function wrong(message: string, hint: string): CommandError {
  return new CommandError(message, hint, EXIT_CODES.usage);
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
