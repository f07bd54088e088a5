// Examples as the whole files that they are meant to be.

/** A whole file around a part of one. */
export function completed(part: string): string {
  const members = part.trim().slice(1, -1);
  const tokens = `"kind": "bearer_token", "tokens": {
    "production": "0123456789abcdef", "development": "fedcba9876543210" }`;
  const servers = `"mcpServers": { "x": { "command": "c" } }`;
  if (part.includes(`"mcpServers"`)) {
    return `{ "proxy": { "auth": { ${tokens} } }, ${members} }`;
  }
  if (part.includes(`"issuer"`)) {
    const baseUrl = `"baseUrl": "https://mcp.example.com"`;
    return `{ "proxy": { ${baseUrl}, ${members} }, ${servers} }`;
  }
  if (part.includes(`"proxy"`)) return `{ ${members}, ${servers} }`;
  const proxy = part.includes(`"auth"`)
    ? members
    : `"auth": { "kind": "bearer_token", ${members} }`;
  return `{ "proxy": { ${proxy} }, ${servers} }`;
}

/** `config.dev.jsonc` with its examples taken out of their comments. */
export function uncommented(text: string): string {
  return text
    // There is one database at a time: the sample makes room for the other.
    .replace(/^ {4}"database": \{[\s\S]*?^ {4}\},$/m, "")
    .replaceAll(/^ {4}\/\/ (?=["}]| {2}")/gm, "    ");
}
