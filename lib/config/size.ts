// Sizes as people write them: "64KiB", "32MiB", "1GiB".

/** What a size looks like. */
export const SIZE = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/;

const UNIT_BYTES = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** Bytes, rounded; undefined where the text is no size. */
export function parseSize(text: string): number | undefined {
  const parts = SIZE.exec(text);
  if (parts === null) return undefined;
  const unit = parts[2] as keyof typeof UNIT_BYTES;
  return Math.round(Number(parts[1]) * UNIT_BYTES[unit]);
}

/** The shortest way to write a number of bytes that is whole in some unit. */
export function sizeText(bytes: number): string {
  const units = Object.entries(UNIT_BYTES).toReversed();
  const [unit, size] = units.find(([, size]) => bytes % size === 0) ??
    ["KiB", 1024];
  return `${bytes / size}${unit}`;
}
