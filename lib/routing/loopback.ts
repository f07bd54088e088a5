// Which host names and addresses no other machine can reach.

/** Whether a name or address to listen on, without brackets, is of this machine only. Absent: every interface. */
export function isLoopback(hostname: string | undefined): boolean {
  if (hostname === undefined) return false;
  const host = canonical(hostname);
  return host === "localhost" || host.endsWith(".localhost") ||
    host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host) ||
    /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(host);
}

/** The host as `URL.hostname` writes it: in lower case, IPv6 in brackets and in its shortest form, without a last dot. */
export function canonical(hostname: string): string {
  const url = `http://${hostname.includes(":") ? `[${hostname}]` : hostname}`;
  const host = URL.canParse(url) ? new URL(url).hostname : hostname;
  return host.toLowerCase().replace(/\.$/, "");
}
