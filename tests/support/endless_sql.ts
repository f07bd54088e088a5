// Statements that need to be stopped.

const COUNT_UP =
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";

/** It never has a row, and takes no memory. */
export const ENDLESS_SQL = `${COUNT_UP} SELECT count(*) FROM n`;

/** It takes some hundred megabytes a second. */
export const HUNGRY_SQL =
  `${COUNT_UP} SELECT count(*) FROM (SELECT DISTINCT hex(randomblob(5000)) FROM n)`;
