/**
 * The worker threads of this process. They stay warm from one sweep to the next, their code compiled and
 * optimised, and do not keep the process alive when idle.
 */
import { join } from "node:path";
import { Piscina } from "piscina";
import { type Chunk, type Done, type runChunk, UNCLONABLE } from "./worker.js";
import { MAX_WORKERS } from "./worker-count.js";

/** Worker threads. */
export interface WorkerPool {
  /**
   * Has a worker run a chunk; a worker is started where none is free.
   *
   * @param stop - ends the worker, in the middle of a point if need be
   * @throws Error when the worker dies, when what is sent to it or comes back cannot be cloned, or when
   * stopped
   */
  run(chunk: Chunk, stop: AbortSignal): Promise<Done>;
  /** Aborted when the pool is closed. */
  closed: AbortSignal;
}

interface OpenPool extends WorkerPool {
  close(reason: Error): Promise<void>;
}

let open: OpenPool | undefined;

/** The pool, opened at the first call. */
export function workerPool(): WorkerPool {
  open ??= openPool();
  return open;
}

/** Ends all workers; running sweeps are interrupted. The next sweep starts afresh. */
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
        // a worker's DataCloneError, which loses its text on the way (Node 20, 22 and 24)
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
  // a worker that could not start, or died while it had nothing to do: nobody else would hear of it, and wait
  // for ever
  threads.on("error", (cause: Error) => {
    void pool.close(new Error(`a worker failed: ${cause.message}`, { cause }));
  });
  return pool;
}
