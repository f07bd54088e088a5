// What may go wrong with a participant, and how a cell of a table says it.

/** An answer that is not the one to the call. */
export class WrongAnswer extends Error {
  override readonly name: string = "WrongAnswer";
}

/** An answer that came with other notifications than it should, or before them. */
export class WrongNotifications extends WrongAnswer {
  override readonly name = "WrongNotifications";
}

/** Something that did not come in time. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/** An HTTP status that was not wanted. */
export class UnexpectedStatus extends Error {
  override readonly name = "UnexpectedStatus";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a table says of it, in a few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof WrongNotifications) return "wrong notifications";
  if (error instanceof WrongAnswer) return "wrong answers";
  if (error instanceof TooLate) return "no answer";
  if (error instanceof UnexpectedStatus) return `HTTP ${error.status}`;
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return code === "ECONNREFUSED" ? "refused" : "failed";
}

/** The same promise, unless it takes longer than so many milliseconds. */
export async function within<Value>(
  ms: number,
  what: string,
  promise: Promise<Value>,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new TooLate(`${what} took more than ${ms} ms`));
  }, ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
