// What to put into clients, for people.

import { escapeInvisible } from "../../telemetry/loggable.ts";
import type { Palette } from "../palette.ts";
import type { Client, Snippet } from "./clients.ts";
import type { Entry } from "./entry.ts";
import { exportLine } from "./token_variable.ts";
import type { NamedToken } from "./token_variable.ts";

/** What is connected to what. */
export interface Connection {
  /** The server; absent: all of them. */
  readonly server?: string;
  /** Absent: clients log in by OAuth. */
  readonly token?: NamedToken;
  /** What may go wrong with a static token there. */
  readonly note?: string;
  readonly entry: Entry;
  readonly clients: readonly Client[];
}

/** Every snippet of every client, each below a line that says where it goes. */
export function connectionText(
  connection: Connection,
  paint: Palette,
): string {
  const { token, clients, note } = connection;
  const first = [
    `${subject(connection)}:\n`,
    ...note === undefined ? [] : [`${note}\n`],
    ...token === undefined ? [] : [`${exportLine(token)}\n`],
  ];
  return [first.join("\n"), ...sectionsOf(clients, paint)].join("\n");
}

/** Each snippet below where it goes; every one ends with a line break. */
export function sectionsOf(
  clients: readonly Pick<Client, "title" | "snippets">[],
  paint: Palette,
): string[] {
  return clients.flatMap(({ title, snippets }) =>
    snippets.map((snippet) =>
      `${paint("strong", heading(title, snippet))}\n\n${snippet.text}\n`
    )
  );
}

/** The snippet of the only client, with nothing around it. */
export function snippetAlone({ clients: [client] }: Connection): string {
  return client === undefined ? "" : `${client.snippets[0].text}\n`;
}

/** What else is to be known of it. */
export function directions(connection: Connection, paint: Palette): string {
  const { token, note, clients: [client] } = connection;
  if (client === undefined) return "";
  const where = heading(client.title, client.snippets[0]);
  return [
    subject(connection),
    ...note === undefined ? [] : [note],
    ...token === undefined ? [] : [exportLine(token)],
    paint("strong", where),
  ].map((line) => `${line}\n`).join("");
}

function subject({ server, token, entry }: Connection): string {
  const what = server === undefined ? "All servers" : `Server "${server}"`;
  const who = token === undefined
    ? "by OAuth: the client opens a browser to log in"
    : `as token "${token.name}"`;
  return escapeInvisible(`${what} at ${entry.url}, ${who}`);
}

function heading(title: string, { place, note }: Snippet): string {
  return `${title}, in ${place}${note === undefined ? "" : `, ${note}`}:`;
}
