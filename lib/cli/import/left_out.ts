// Why a server of a client is not taken over.

/** Thrown while an entry is read; the message is the reason in words, without a value of the entry. */
export class LeftOut extends Error {
  override readonly name = "LeftOut";
}
