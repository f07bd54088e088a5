// Hands over what came together, each thing once there is room for it.

/**
 * Calls `take` for one item after the other; a promise where one has to be waited for, which then holds up those
 * behind it. Without such waits nothing is made for it, and afterwards nothing holds the items.
 */
export function oneByOne<T>(
  items: readonly T[],
  take: (item: T) => Promise<unknown> | undefined,
  from = 0,
): Promise<void> | undefined {
  for (let at = from; at < items.length; at++) {
    const room = take(items[at] as T);
    if (room) return room.then(() => oneByOne(items, take, at + 1));
  }
}
