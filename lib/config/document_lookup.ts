// Finding a place in the tree of a config by its path.

import type { DocumentNode, MemberNode, Position } from "./document.ts";
import type { Path } from "./path.ts";

/** Which end of a member a problem points at. */
export type Side = "key" | "value";

/** The value at a path; undefined where the file has none. */
export function nodeAt(
  root: DocumentNode,
  path: Path,
): DocumentNode | undefined {
  let node: DocumentNode | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = childOf(node, step);
  }
  return node;
}

/** The keys of the object at a path, in the order of the file; none where there is no object. */
export function keysAt(root: DocumentNode, path: Path): string[] {
  const node = nodeAt(root, path);
  return node?.kind === "object" ? [...node.members.keys()] : [];
}

/** Line and column of what stands at a path, or of what should contain it. */
export function positionOf(
  root: DocumentNode,
  path: Path,
  side: Side,
): Position {
  const node = nodeAt(root, path);
  if (node === undefined) return positionOf(root, path.slice(0, -1), side);
  const member = side === "key" ? memberAt(root, path) : undefined;
  return member?.keyAt ?? node.at;
}

function memberAt(root: DocumentNode, path: Path): MemberNode | undefined {
  const key = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (parent?.kind !== "object" || typeof key !== "string") return undefined;
  return parent.members.get(key);
}

function childOf(
  node: DocumentNode,
  step: string | number,
): DocumentNode | undefined {
  if (node.kind === "object" && typeof step === "string") {
    return node.members.get(step)?.value;
  }
  if (node.kind === "array" && typeof step === "number") {
    return node.items[step];
  }
  return undefined;
}
