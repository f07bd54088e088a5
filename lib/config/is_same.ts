// Whether two parts of configurations say the same.

import { Secret } from "../secret.ts";

/** The members of a rule that tell where it stands. */
const PLACE_KEYS: readonly string[] = ["line", "path", "shown"];

/** Compares plain values, lists, maps and records, and what configurations hold besides: secrets, urls and dates. */
export function isSame(one: unknown, other: unknown): boolean {
  return same(one, other, []);
}

/** The same for rules: where they stand in the file is not what they say. */
export function areSameRules(one: unknown, other: unknown): boolean {
  return same(one, other, PLACE_KEYS);
}

type Keys = readonly string[];

function same(one: unknown, other: unknown, left: Keys): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other)) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (one instanceof Secret) return one.reveal() === (other as Secret).reveal();
  if (one instanceof URL) return one.href === (other as URL).href;
  if (one instanceof Date) return Number(one) === Number(other);
  return allSame(itemsOf(one, left), itemsOf(other, left), left);
}

function allSame(
  one: readonly unknown[],
  other: readonly unknown[],
  left: Keys,
): boolean {
  return one.length === other.length &&
    one.every((item, at) => same(item, other[at], left));
}

function itemsOf(object: object, left: Keys): readonly unknown[] {
  if (Array.isArray(object)) return object;
  if (object instanceof Map) return [...object];
  return Object.entries(object)
    .filter(([key, value]) => !left.includes(key) && value !== undefined)
    .toSorted(([a], [b]) => a < b ? -1 : 1);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
