// What a person's browser does at a login: it follows redirects, and keeps cookies, till it would leave for the client.

/** Follows an address until it leads to `target`; resolves with the url there. */
export async function follow(start: URL, target: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 20; step++) {
    if (url.href.startsWith(target)) return url;
    const response = await fetch(url, {
      redirect: "manual",
      headers: {
        cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
      },
    });
    const text = await response.text();
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get("location");
    if (location === null) {
      throw new Error(`${response.status} at ${url}: ${text.slice(0, 2_000)}`);
    }
    url = new URL(location, url);
  }
  throw new Error("it redirects without end");
}
