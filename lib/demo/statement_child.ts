// One statement in a process of its own, from its start to its end.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { bareEnvironment } from "../runtime/bare_environment.ts";
import { thisProgram } from "../runtime/this_program.ts";
import { STATEMENT_MEMORY_BYTES } from "./statement.ts";
import type { StatementAnswer, StatementRequest } from "./statement.ts";

const MIB = 1024 * 1024;

/** The longest answer that is taken; it is several times the most that a child says. */
const MAX_ANSWER_CHARACTERS = 4 * MIB;

const NO_ANSWER: StatementAnswer = {
  error: "The statement ended without an answer",
};

const TOO_LONG: StatementAnswer = {
  error:
    "The statement was stopped, as its answer is too long; select fewer columns or shorter values",
};

/** Runs one statement; `signal` kills it. Always resolves, and only once the process is gone. */
export async function inChild(
  request: StatementRequest,
  signal: AbortSignal,
): Promise<StatementAnswer> {
  const { command, args } = thisProgram(["demo", "statement"]);
  const child = spawn(command, [...args], {
    // Where nobody's files are, and with nothing in the environment: a statement has no business with either.
    cwd: "/",
    env: bareEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
    windowsHide: true,
  });
  const kill = () => child.kill("SIGKILL");
  if (signal.aborted) kill();
  signal.addEventListener("abort", kill);
  try {
    return await conversation(child, JSON.stringify(request));
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** Sends the request to a child that runs it. Always resolves, and only once the child is gone. */
export function conversation(
  child: ChildProcess,
  request: string,
): Promise<StatementAnswer> {
  let answer = "";
  child.stdin?.on("error", () => {
    // It ended before it read the request: how it ended is what tells.
  });
  child.stdin?.end(request);
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
    if (answer.length > MAX_ANSWER_CHARACTERS) child.kill("SIGKILL");
  });
  return new Promise((resolve) => {
    child.once("error", ({ message }) => {
      resolve({ error: `The statement could not be started: ${message}` });
    });
    child.once("close", (code, endedBy) => {
      resolve(outcome(answer, code, endedBy));
    });
  });
}

function outcome(
  answer: string,
  code: number | null,
  signal: string | null,
): StatementAnswer {
  if (answer.length > MAX_ANSWER_CHARACTERS) return TOO_LONG;
  return code === 0 ? parsed(answer) : deathOf(signal);
}

/** A child that did not end as it should may have said a part of its answer, or nothing. */
function parsed(answer: string): StatementAnswer {
  try {
    return JSON.parse(answer);
  } catch (error) {
    if (error instanceof SyntaxError) return NO_ANSWER;
    throw error;
  }
}

/** Of the two things that kill a statement the time is told by who set the limit: what is left is most likely the memory. */
function deathOf(signal: string | null): StatementAnswer {
  if (signal !== "SIGKILL") return NO_ANSWER;
  const limit = STATEMENT_MEMORY_BYTES / MIB;
  return {
    error:
      `The statement was stopped, probably for taking more memory than it may (${limit} MiB); sort, group or collect fewer rows`,
  };
}
