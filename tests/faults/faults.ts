// What can go wrong with a backend, as one table: a new fault is one row.

import type { FaultRow } from "./fault_row.ts";
import { FAULTS_OF_ANSWERS } from "./faults_of_answers.ts";
import { FAULTS_OF_CHILDREN } from "./faults_of_children.ts";
import { FAULTS_OF_REMOTES } from "./faults_of_remotes.ts";
import { FAULTS_OF_STREAMS } from "./faults_of_streams.ts";

/** The table. */
export const FAULTS_OF_BACKENDS: readonly FaultRow[] = [
  ...FAULTS_OF_CHILDREN,
  ...FAULTS_OF_REMOTES,
  ...FAULTS_OF_STREAMS,
  ...FAULTS_OF_ANSWERS,
];
