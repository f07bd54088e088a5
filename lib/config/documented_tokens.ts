// Token values that our own documentation prints: everybody knows them.

/** Never to be used where others can reach the gateway. */
export const DOCUMENTED_TOKENS: ReadonlySet<string> = new Set([
  "7K9X2L5p8M3n6Q1w4R7t0Y5u8I2o5P8a1S4d7F0g3H6j=",
  "current-token",
  "default-token",
  "dev-token-123",
  "my-secure-dev-token",
  "new-token",
  "old-token",
  "prod-token-456",
  "stage-token-789",
  "test-token-456",
  "token-for-alice",
  "token-for-bob",
  "token-for-ci-only",
  "token-for-ci-system",
  "token-with-all-access",
  "token-with-limited-access",
]);
