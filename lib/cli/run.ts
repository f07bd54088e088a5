// One run of mcp-front, from its arguments to its exit code.

import { parseArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { liftFetchLimit } from "../runtime/fetch_limit.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";
import { USAGE } from "./usage.ts";
import { VERSION } from "../version.ts";

/** Does what the arguments ask for; resolves with the exit code when that is done. Never rejects. */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    return await obey(surroundings);
  } catch (error) {
    const failure = asCommandError(error);
    const paint = palette("stderr", surroundings.environment);
    await print("stderr", failure.text(paint));
    return failure.exitCode;
  }
}

/** Loads what a command needs only for that command: printing the version should not take the time to load the gateway. */
async function obey(surroundings: Surroundings): Promise<number> {
  const command = await parseArguments(surroundings.arguments);
  switch (command.kind) {
    case "help":
    case "version":
      return await tell(command.kind);
    case "demo": {
      const { demo } = await import("./demo.ts");
      await demo(command.part);
      return EXIT_CODES.done;
    }
    case "reaper": {
      const { reap } = await import("../runtime/reap.ts");
      await reap(command.mark);
      return EXIT_CODES.done;
    }
    case "serve": {
      // First of all, as it may start the process anew.
      const fetchLimit = liftFetchLimit();
      const { serve } = await import("./serve.ts");
      return await serve(command.file, { ...surroundings, fetchLimit });
    }
    case "exec": {
      liftFetchLimit();
      const { exec } = await import("./exec.ts");
      return await exec(command, surroundings);
    }
    case "front": {
      const { front } = await import("./front.ts");
      return await front(command, surroundings);
    }
    default:
      return await report(command, surroundings);
  }
}

/** Those that end once they have told or written something. */
type Reporting = Exclude<
  Command,
  {
    readonly kind:
      | "help"
      | "version"
      | "demo"
      | "reaper"
      | "serve"
      | "front"
      | "exec";
  }
>;

async function report(
  command: Reporting,
  surroundings: Surroundings,
): Promise<number> {
  switch (command.kind) {
    case "init": {
      const { init } = await import("./init.ts");
      return await init(command, surroundings);
    }
    case "validate": {
      const { validate } = await import("./validate.ts");
      return await validate(command.file, surroundings);
    }
    case "check": {
      const { check } = await import("./check.ts");
      return await check(command, surroundings);
    }
    case "explain": {
      const { explain } = await import("./explain.ts");
      return await explain(command, surroundings);
    }
    case "connect": {
      const { connect } = await import("./connect.ts");
      return await connect(command, surroundings);
    }
    case "token": {
      if (command.part === "new") {
        const { newToken } = await import("./new_token.ts");
        return await newToken(command);
      }
      const { hashToken } = await import("./hash_token.ts");
      return await hashToken();
    }
    case "tokens": {
      const { tokens } = await import("./tokens.ts");
      return await tokens(command, surroundings);
    }
    case "schema": {
      const { schema } = await import("./schema.ts");
      return await schema();
    }
    case "completions": {
      const { completions } = await import("./completions.ts");
      return await completions(command.shell);
    }
    case "names": {
      const { names } = await import("./names.ts");
      return await names(command.of, command.file, surroundings);
    }
  }
}

async function tell(what: "help" | "version"): Promise<number> {
  await print("stdout", what === "help" ? USAGE : `mcp-front ${VERSION}\n`);
  return EXIT_CODES.done;
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  return new CommandError(
    `unexpected: ${JSON.stringify(errorFields(error))}`,
    "this is a fault of mcp-front; please report it",
    EXIT_CODES.failed,
  );
}
