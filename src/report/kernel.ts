/**
 * A client of a Jupyter kernel: starts tslab, has it execute code, and ends it. Speaks the Jupyter messaging protocol 5.3
 * over ZeroMQ.
 *
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { temporaryFolder } from "./clean-up.js";
import { address, type Connection, newConnection } from "./connection.js";
import { kernelCommand } from "./kernel-command.js";
import { KernelProcess } from "./kernel-process.js";
import { decodeMessage, encodeRequest, type Message } from "./messages.js";

/** The kernel could not be started, ended unexpectedly, or no longer answers. */
class KernelError extends Error {
  override name = "KernelError";
}

/** A cell exceeded its time limit or printed too much. */
class CellStoppedError extends Error {
  override name = "CellStoppedError";
}

/** How to start a kernel. */
export interface KernelOptions {
  /** Working directory of the kernel: the notebook's folder. */
  cwd: string;
  /** Environment of the kernel; that of this process by default. */
  env?: NodeJS.ProcessEnv;
  /** Time limit for starting, in seconds; 60 by default. */
  startTimeout?: number;
  /** Returns the command line for a connection file; by default that of tslab. */
  command?: (connectionFile: string) => string[];
  /**
   * Makes a connection for a kernel with files in a folder; called again if its ports are taken; {@link newConnection} by
   * default.
   */
  connections?: (folder: string) => Promise<Connection>;
}

/** How to watch one execution. */
export interface ExecuteOptions {
  /** Seconds until the cell is interrupted. */
  timeout: number;
  /**
   * Called with each message on iopub that belongs to this execution, even after its end.
   */
  onOutput: (message: Message) => void;
}

/** The reply to an execution. In tslab's replies an error has neither name nor text. */
export interface ExecuteReply {
  status: "ok" | "error" | "abort" | "aborted";
  /** Absent when the kernel did not execute the code. */
  execution_count?: number;
}

/** Number of attempts to start a kernel if its sockets cannot be used. */
const START_ATTEMPTS = 5;
/** Seconds a kernel may take to answer an interrupt or to shut down. */
const GRACE = 2;
/**
 * Bytes of output after which a cell is stopped: a loop that prints for ever would use up all memory, here or in the
 * kernel.
 */
const MOST_OUTPUT = 500e6;
/** Seconds that may pass between outputs of a cell that has ended. */
const SILENCE_LIMIT = 30;
/** Milliseconds to wait for a message that the kernel sent just before it ended. */
const LAST_WORDS = 100;
/**
 * ZeroMQ's options: drop unsent messages when a socket closes; try a port that is not yet bound every 20 ms; give up after
 * 1 s instead of 30 s if the other side does not speak ZeroMQ, because another program may hold a port until the kernel
 * binds it.
 */
const SOCKET_OPTIONS = { linger: 0, reconnectInterval: 20, handshakeInterval: 1000 } as const;
/** Seconds that a starting kernel may take to answer before it is asked again. */
const PATIENCE = 2;
/** Messages of a kernel that will never answer. */
const DEAF = /EADDRINUSE|Socket is blocked by a bind or unbind operation/;
/** Seconds between checks of a starting kernel. */
const POLL = 0.1;

const LATE: unique symbol = Symbol("late");
const FLOOD: unique symbol = Symbol("flood");

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
}

/** A pending request. */
interface Request {
  /** `size` is in bytes. */
  onIopub: (message: Message, size: number) => void;
  /** The reply on the request's channel. */
  reply: Deferred<Message>;
  /** The end of its outputs on iopub. */
  idle: Deferred<void>;
}

/** A started kernel. Call {@link Kernel.shutdown} at the end. */
export class Kernel {
  /** The sockets on which it listens. */
  readonly connection: Connection;
  readonly #process: KernelProcess;
  readonly #removeFolder: () => void;
  /** Rejects when the process ends. */
  readonly #death: Promise<never>;
  readonly #session: string = randomUUID();
  readonly #requests: Map<string, Request> = new Map();
  readonly #shell = new Dealer(SOCKET_OPTIONS);
  readonly #control = new Dealer(SOCKET_OPTIONS);
  readonly #iopub = new Subscriber(SOCKET_OPTIONS);

  private constructor(connection: Connection, process: KernelProcess, removeFolder: () => void) {
    this.connection = connection;
    this.#process = process;
    this.#removeFolder = removeFolder;
    this.#death = process.ended.then(async (end) => {
      await delay(LAST_WORDS);
      throw new KernelError(`the kernel ${end}\n${process.log}`.trim());
    });
    // every request checks it; between requests nothing handles a rejection
    this.#death.catch(() => {});
    this.#shell.connect(address(connection, connection.shell_port));
    this.#control.connect(address(connection, connection.control_port));
    this.#iopub.subscribe();
    this.#iopub.connect(address(connection, connection.iopub_port));
    void this.#listen(this.#shell, (request, message) => request.reply.resolve(message));
    void this.#listen(this.#control, (request, message) => request.reply.resolve(message));
    void this.#listen(this.#iopub, (request, message, size) => {
      request.onIopub(message, size);
      if (message.header.msg_type === "status" && message.content.execution_state === "idle")
        request.idle.resolve();
    });
  }

  /**
   * Starts a kernel and waits until it answers on all channels.
   *
   * @throws KernelError when it ends or does not answer in time
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    const { startTimeout = 60 } = options;
    const deadline = performance.now() + startTimeout * 1000;
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const kernel = await Kernel.#launch(options);
      const state = await kernel.#handshake(deadline).catch((error: unknown) => {
        kernel.#close();
        throw error;
      });
      if (state === "ready") return kernel;
      kernel.#close();
      if (state === "late") {
        throw new KernelError(`the kernel did not start in ${startTimeout} s\n${kernel.#process.log}`.trim());
      }
    }
    throw new KernelError(`the kernel could not use its sockets in ${START_ATTEMPTS} attempts`);
  }

  static async #launch(options: KernelOptions): Promise<Kernel> {
    const { cwd, env = process.env, connections = newConnection, command = kernelCommand } = options;
    const folder = temporaryFolder();
    try {
      const connection = await connections(folder.path);
      const kernel = new KernelProcess({ command, connection, folder: folder.path, cwd, env });
      return new Kernel(connection, kernel, folder.remove);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /**
   * Executes code and waits for the reply and the end of its outputs.
   *
   * @throws CellStoppedError when the code exceeded the time limit or printed too much; it has been interrupted, and the
   * kernel must not be used again
   * @throws KernelError when the kernel ends meanwhile or loses outputs
   */
  async execute(code: string, { timeout, onOutput }: ExecuteOptions): Promise<ExecuteReply> {
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true };
    const flood = deferred<typeof FLOOD>();
    let [heard, bytes] = [0, 0];
    const { reply, idle } = await this.#send(this.#shell, "execute_request", content, (output, size) => {
      heard++;
      bytes += size;
      if (bytes > MOST_OUTPUT) flood.resolve(FLOOD);
      else onOutput(output);
    });
    const message = await inTime(this.#whileAlive(Promise.race([reply.promise, flood.promise])), timeout);
    if (message === LATE || message === FLOOD) {
      this.#process.interrupt();
      if ((await inTime(reply.promise, GRACE)) === LATE) this.#process.kill();
      throw new CellStoppedError(
        message === LATE
          ? `stopped: the cell ran for more than ${timeout} s`
          : `stopped: the cell printed more than ${MOST_OUTPUT / 1e6} MB`,
      );
    }
    // reply and outputs arrive on different sockets
    for (let before = -1; before !== heard; ) {
      before = heard;
      if ((await inTime(this.#whileAlive(idle.promise), SILENCE_LIMIT)) !== LATE) {
        return message.content as unknown as ExecuteReply;
      }
    }
    throw new KernelError("the end of the cell's output was lost");
  }

  /** Ends the kernel, by request if it answers, and releases its resources. */
  async shutdown(): Promise<void> {
    // wait for the end of the process, because the reply may get lost
    await this.#send(this.#control, "shutdown_request", { restart: false });
    await inTime(this.#process.ended, GRACE);
    this.#close();
    await this.#process.ended;
  }

  #close(): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    this.#process.kill();
    this.#removeFolder();
  }

  /** Waits until the kernel answers on shell and on iopub. */
  async #handshake(deadline: number): Promise<"ready" | "late" | "deaf"> {
    while (performance.now() < deadline) {
      // messages sent before the kernel has bound all ports are lost, and so are those it publishes before the
      // subscription takes effect: ask again
      const request = await this.#send(this.#shell, "kernel_info_request", {});
      const askAgain = performance.now() + PATIENCE * 1000;
      while (performance.now() < Math.min(askAgain, deadline)) {
        // a kernel that cannot bind or read a socket says so on stderr and keeps running
        if (DEAF.test(this.#process.log)) return "deaf";
        if ((await inTime(this.#whileAlive(request.reply.promise), POLL)) === LATE) continue;
        if ((await inTime(this.#whileAlive(request.idle.promise), POLL)) !== LATE) return "ready";
        break;
      }
    }
    return "late";
  }

  /** Sends a request; {@link #listen} passes it the answers. */
  async #send(
    socket: Dealer,
    type: string,
    content: Record<string, unknown>,
    onIopub: Request["onIopub"] = () => {},
  ): Promise<Request> {
    const { id, frames } = encodeRequest(this.connection.key, this.#session, type, content);
    const request: Request = { onIopub, reply: deferred(), idle: deferred() };
    this.#requests.set(id, request);
    await socket.send(frames);
    return request;
  }

  #whileAlive<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#death]);
  }

  /** Passes each message of a channel to its request, until the channel is closed. */
  async #listen(
    socket: AsyncIterable<Buffer[]>,
    handle: (request: Request, message: Message, size: number) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = decodeMessage(this.connection.key, frames);
      } catch {
        // not from our kernel, the only holder of the key: another process has reached the port
        continue;
      }
      const request = message.parentId === null ? undefined : this.#requests.get(message.parentId);
      if (request) handle(request, message, bytesOf(frames));
    }
  }
}

function bytesOf(frames: readonly Buffer[]): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/**
 * Resolves to the value of a promise, or to {@link LATE} if it takes longer.
 *
 * @param seconds - how long to wait
 */
async function inTime<T>(promise: Promise<T>, seconds: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    // if this process was busy, the timer fires before messages that have already arrived are read; setImmediate
    // lets them go first
    timer = setTimeout(() => setImmediate(resolve, LATE), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
