// Ends this process when it takes too long or too much memory, even while it is inside a call that nothing can interrupt.

/** What the process may take. */
export interface WatchdogLimits {
  readonly timeMs: number;
  /** Of the whole process, as resident in memory. */
  readonly memoryBytes: number;
}

const POLL_INTERVAL_MS = 20;

/**
 * Starts to watch from a thread of its own; resolves when that thread does. A process that goes
 * beyond a limit is killed (SIGKILL): what it wrote until then is all that it says.
 */
export async function startWatchdog(limits: WatchdogLimits): Promise<void> {
  // A file of its own would not be found in the executable.
  const source = new Blob([program(limits)], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  const worker = new Worker(url, { type: "module" });
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = ({ message }) => reject(new Error(message));
  });
  URL.revokeObjectURL(url);
}

function program({ timeMs, memoryBytes }: WatchdogLimits): string {
  return `
    import process from "node:process";
    const deadline = performance.now() + ${timeMs};
    setInterval(() => {
      const isLate = performance.now() > deadline;
      const isLarge = process.memoryUsage().rss > ${memoryBytes};
      if (isLate || isLarge) process.kill(process.pid, "SIGKILL");
    }, ${POLL_INTERVAL_MS});
    postMessage("watching");
  `;
}
