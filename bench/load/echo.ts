// The one call of the benchmark, and what its answer must be.

import { Buffer } from "node:buffer";
import { WrongAnswer, WrongNotifications } from "./failures.ts";

/** Where an id stands in a text that is kept with room for it. */
const HEAD = '{"jsonrpc":"2.0","id":';
const RESULT = ',"result":{"content":[{"type":"text","text":"';
const TAIL = '"}]}}';
/** Of a wrong answer, in characters. */
const SHOWN = 200;

/** What a call asks for. */
export interface Wanted {
  /** Of the request: each session counts its own, as clients do. */
  readonly id: number;
  /** Of the call: no two sessions have the same, so that the answer to another's call shows. */
  readonly key: number;
  /** Of the text in the answer, in bytes of ASCII. */
  readonly bytes: number;
  /** Progress notifications that come first. */
  readonly notifications?: number;
  /** What the tool is called; `echo` when absent. */
  readonly tool?: string;
}

let calls = 0;

/** A key that no call has had. */
export function nextKey(): number {
  return ++calls;
}

/** The request; its answer is as large as it says. */
export function echoRequest(
  { id, key, bytes, notifications = 0, tool = "echo" }: Wanted,
): string {
  const given = notifications > 0
    ? `{"key":${key},"bytes":${bytes},"notifications":${notifications}}`
    : `{"key":${key},"bytes":${bytes}}`;
  const meta = notifications > 0 ? `,"_meta":{"progressToken":${id}}` : "";
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call",` +
    `"params":{"name":"${tool}","arguments":${given}${meta}}}`;
}

const paddings = new Map<number, string>();

function textFor(key: number, bytes: number): string {
  let padding = paddings.get(bytes);
  if (padding === undefined) {
    padding = "x".repeat(bytes);
    paddings.set(bytes, padding);
  }
  return `${key}:${padding}`;
}

/** Throws unless it is the answer; that of a peer may have its members in another order. */
export function checkAnswer(answer: Buffer, wanted: Wanted): void {
  const head = HEAD + wanted.id + RESULT + wanted.key + ":";
  const length = head.length + wanted.bytes + TAIL.length;
  if (answer.length === length && answer.equals(expected(head, wanted.bytes))) {
    return;
  }
  const text = answer.toString();
  if (isAnswer(text, wanted)) return;
  const begin = text.slice(0, SHOWN);
  throw new WrongAnswer(`call ${wanted.id} was answered with ${begin}`);
}

function isAnswer(text: string, wanted: Wanted): boolean {
  try {
    const { id, result } = JSON.parse(text);
    const [first] = result.content;
    return id === wanted.id && first.text === textFor(wanted.key, wanted.bytes);
  } catch {
    return false;
  }
}

/** Throws unless as many notifications came with an answer as the call asked for. */
export function checkNotifications(came: number, wanted: Wanted): void {
  const { id, notifications = 0 } = wanted;
  if (came === notifications) return;
  throw new WrongNotifications(
    `call ${id} came with ${came} notifications, wanted ${notifications}`,
  );
}

/** By length: the same bytes again, but for their head. */
const texts = new Map<number, Buffer>();

function expected(head: string, bytes: number): Buffer {
  const length = head.length + bytes + TAIL.length;
  let text = texts.get(length);
  if (!text) {
    text = Buffer.from(head + "x".repeat(bytes) + TAIL);
    texts.set(length, text);
  }
  text.write(head, "latin1");
  return text;
}
