// What processes cost, as Linux accounts for it.

import { readFileSync, writeFileSync } from "node:fs";

/** Of the times in /proc: 100 a second on every Linux there is (`proc(5)`, `sysconf(_SC_CLK_TCK)`). */
const MS_PER_TICK = 10;
const UTIME = 11;
const STIME = 12;

/** The processor time of a process with its threads, without its children, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[UTIME]) + Number(fields[STIME])) * MS_PER_TICK;
}

const field = (pid: number, name: string) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
};

/** Its resident memory, in KiB. */
export const residentKibOf = (pid: number) => field(pid, "VmRSS");

/** The most it has had, in KiB, since `forgetPeak()`. */
export const peakKibOf = (pid: number) => field(pid, "VmHWM");

/** Lets the most begin anew with what it has now (`proc(5)`, `clear_refs`). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
