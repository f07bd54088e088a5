// What a log may say of an error.

import { GatewayError } from "../errors.ts";

const MAX_FRAMES = 12;
const MAX_CAUSES = 3;

/** An error as it stands in a log line; a type, so that it may stand where fields of any name do. */
export type ErrorFields = {
  /** Its class. */
  readonly error: string;
  /** The text, of our own errors only. */
  readonly reason?: string;
  readonly fault?: string;
  /** Such as `ECONNRESET`. */
  readonly code?: string;
  /** Where it was, innermost first. */
  readonly at?: readonly string[];
  readonly cause?: ErrorFields;
};

/** Which error, and where. The text of an error that is not our own may quote a message or a credential: it is left out. */
export function errorFields(error: unknown): ErrorFields {
  return fieldsOf(error, MAX_CAUSES);
}

function fieldsOf(error: unknown, causes: number): ErrorFields {
  if (!(error instanceof Error)) return { error: `a thrown ${typeof error}` };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    error: error.name,
    ...(error instanceof GatewayError
      ? { reason: error.message, fault: error.fault }
      : { at: framesOf(error) }),
    ...(typeof code === "string" ? { code } : {}),
    ...(cause instanceof Error && causes > 0
      ? { cause: fieldsOf(cause, causes - 1) }
      : {}),
  };
}

function framesOf({ stack = "", message }: Error): string[] {
  return stack.replace(message, "").split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, MAX_FRAMES);
}
