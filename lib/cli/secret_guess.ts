// Which settings are likely to be secrets: a guess by their names, and by what they are certainly not.

/** What the name of a secret has in it. */
export const SECRET_NAME =
  /token|key|secret|passw|passphrase|credential|auth|cookie|private|signature/i;

/** Values that are none, whatever their names: paths, switches and small numbers. */
export const HARMLESS_VALUE =
  /^(?:|(?:[A-Za-z]:)?[\\/~.].*|true|false|\d{1,6})$/s;
