/**
 * The worker threads of this process. They stay warm between sweeps, with their code compiled and optimised, and do
 * not keep the process alive when idle.
 */
import { join } from "node:path";
import { Piscina } from "piscina";
import { type Chunk, type Done, type runChunk, UNCLONABLE } from "./worker.js";
import { MAX_WORKERS } from "./worker-count.js";

/** Worker threads. */
export interface WorkerPool {
  /**
   * Runs a chunk in a worker; starts a worker if none is free.
   *
   * @param stop - ends the worker, even in the middle of a point
   * @throws Error when the worker dies, when input or result cannot be cloned, or when stopped
   */
  run(chunk: Chunk, stop: AbortSignal): Promise<Done>;
  /** Aborted when the pool is closed. */
  closed: AbortSignal;
}

interface OpenPool extends WorkerPool {
  close(reason: Error): Promise<void>;
}

let open: OpenPool | undefined;

/** Returns the pool; the first call opens it. */
export function workerPool(): WorkerPool {
  open ??= openPool();
  return open;
}

/** Ends all workers and interrupts running sweeps. The next sweep starts new workers. */
export async function closeWorkers(): Promise<void> {
  await open?.close(new Error("the workers were closed"));
}

function openPool(): OpenPool {
  const closing = new AbortController();
  const threads = new Piscina({
    filename: join(__dirname, "worker.js"),
    name: "runChunk" satisfies (typeof runChunk)["name"],
    minThreads: 0,
    maxThreads: MAX_WORKERS,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
  });
  const pool: OpenPool = {
    async run(chunk, signal) {
      try {
        return await threads.run(chunk, { signal });
      } catch (error) {
        if (error instanceof Error && error.message !== "") throw error;
        // a worker's DataCloneError loses its message on the way (Node 20, 22 and 24)
        throw new Error(UNCLONABLE);
      }
    },
    closed: closing.signal,
    async close(reason) {
      if (open === pool) open = undefined;
      closing.abort(reason);
      await threads.destroy();
    },
  };
  // a worker could not start or died while idle; without this, sweeps would wait for ever
  threads.on("error", (cause: Error) => {
    void pool.close(new Error(`a worker failed: ${cause.message}`, { cause }));
  });
  return pool;
}
