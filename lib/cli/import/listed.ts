// A server as it stands in the file of a client.

/** Its name and its entry, which may be anything. */
export interface Listed {
  readonly name: string;
  readonly entry: unknown;
  /** The project that it is for, absolute, where the file has servers of several. */
  readonly project?: string;
  /** Why the client does not use it, if that stands outside of the entry. */
  readonly switchedOff?: string;
}
