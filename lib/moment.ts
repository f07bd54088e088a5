// Dates and times of the file (RFC 3339).

/** What a date looks like. */
export const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** What a date with a time looks like. */
export const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2}(?:\.\d+)?)([Zz]|[+-]\d{2}:\d{2})$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The moment at which what is written is over: of a date alone that is the end of the day in UTC. Undefined for what is neither. */
export function momentIn(text: string): Date | undefined {
  if (DATE.test(text)) {
    const day = dayIn(text);
    return day && new Date(day.getTime() + DAY_MS);
  }
  const [, date = "", time = "", zone = ""] = DATE_TIME.exec(text) ?? [];
  if (dayIn(date) === undefined) return undefined;
  return valid(new Date(`${date}T${time}${zone.toUpperCase()}`));
}

/** A moment as it is shown: in UTC, without milliseconds that are none. */
export function momentText(moment: Date): string {
  return moment.toISOString().replace(".000Z", "Z");
}

/** The beginning of a day that exists: some runtimes take the 30th of February for one in March. */
function dayIn(text: string): Date | undefined {
  const day = valid(new Date(`${text}T00:00:00Z`));
  return day?.toISOString().startsWith(text) ? day : undefined;
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}
