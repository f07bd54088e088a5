// `introspection`: how the issuer is asked about access tokens that say nothing themselves.

import type { IntrospectionOptions } from "../../auth/oauth/options.ts";
import { Secret } from "../../secret.ts";
import { AUTH_PATH } from "../auth_kind.ts";
import type { Path } from "../path.ts";
import type { Report } from "../report.ts";
import type { AuthDraft } from "../schema.ts";
import type { Text } from "../text.ts";
import { isHash } from "../token_hash.ts";
import type { TokenTable } from "../token_table.ts";
import { readEndpoint } from "./endpoint.ts";

const PLACE: Path = [...AUTH_PATH, "introspection"];
const SECRET = "clientSecret";
const SECRET_PLACE: Path = [...PLACE, SECRET];

/** The members that are no secret. */
const OPEN_KEYS: readonly unknown[] = ["clientId", "endpoint"];

// deno-lint-ignore no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Whether the client secret belongs at this path. */
export function isClientSecretPath(path: Path): boolean {
  return path.length === SECRET_PLACE.length && isWithin(path, SECRET_PLACE);
}

/** Whether the text at this path is the client secret, or may be where it is misplaced. */
export function mayBeClientSecret(path: Path): boolean {
  if (isWithin(path, [...AUTH_PATH, SECRET])) return true;
  return isWithin(path, PLACE) && !OPEN_KEYS.includes(path[PLACE.length]);
}

/** Undefined where there is none or its parts are not known. The secret is noted as one that no child may have. */
export function readIntrospection(
  { introspection: draft }: AuthDraft,
  issuer: string | undefined,
  tokens: TokenTable,
  report: Report,
): IntrospectionOptions | undefined {
  if (draft === undefined) return undefined;
  const endpoint = readEndpoint(draft.endpoint, issuer, report);
  const clientId = readText(draft.clientId, "clientId", report);
  const text = readText(draft.clientSecret, SECRET, report);
  if (text === undefined) return undefined;
  tokens.addSource(text, "the client secret");
  const { value } = text;
  if (value === undefined || !isSound(text, value, tokens, report)) {
    return undefined;
  }
  const clientSecret = new Secret(value);
  tokens.addClientSecret(clientSecret);
  if (clientId?.value === undefined) return undefined;
  return {
    ...(endpoint && { endpoint }),
    clientId: clientId.value,
    clientSecret,
  };
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((step, index) => path[index] === step);
}

/** The text of a key that has to be there. */
function readText(
  text: Text | undefined,
  key: string,
  report: Report,
): Text | undefined {
  if (text === undefined) {
    if (report.has([...PLACE, key])) return undefined;
    report.error(
      PLACE,
      `found no "${key}"; the issuer wants to know who asks`,
      {
        hint: '"introspection": { "clientId": "mcp-front", "clientSecret": ' +
          '"$env:VARIABLE" }',
      },
    );
    return undefined;
  }
  const { value, path, source } = text;
  if (value === undefined || value !== "" && !CONTROL.test(value)) return text;
  const found = value === "" ? "nothing" : "a line break or another control";
  report.error(path, `found ${found}${source}, wanted what the issuer gave`);
  return undefined;
}

function isSound(
  { path, source }: Text,
  value: string,
  tokens: TokenTable,
  report: Report,
): boolean {
  if (isHash(value)) {
    report.error(path, `found a hash${source}, wanted the secret itself`, {
      hint: "it is sent to the issuer",
    });
    return false;
  }
  const twin = tokens.nameOf(value);
  if (twin === undefined) return true;
  const token = report.quoteKey(twin);
  report.error(path, `found the value of the token ${token}${source}`, {
    hint: "the issuer gives the gateway a secret of its own",
  });
  return false;
}
