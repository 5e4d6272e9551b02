/**
 * A client of a Jupyter kernel: starts tslab, has it execute code, and ends it. It speaks the Jupyter
 * messaging protocol 5.3 over ZeroMQ and knows nothing of notebooks.
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

/** The kernel could not be started, ended by itself, or no longer speaks. */
export class KernelError extends Error {
  override name = "KernelError";
}

/** A cell did not end in its time, or never stopped putting something out. */
export class CellStoppedError extends Error {
  override name = "CellStoppedError";
}

/** How to start a kernel. */
export interface KernelOptions {
  /** Working directory of the kernel: the notebook's folder. */
  cwd: string;
  /** Environment of the kernel; that of this process when left out. */
  env?: NodeJS.ProcessEnv;
  /** Seconds in which it must have started; 60 when left out. */
  startTimeout?: number;
  /** Command line of the kernel for a connection file's path; that of tslab when left out. */
  command?: (connectionFile: string) => string[];
  /**
   * A connection for a kernel whose files lie in a folder; called again while its ports turn out to be taken;
   * {@link newConnection} when left out.
   */
  connections?: (folder: string) => Promise<Connection>;
}

/** How one execution is watched. */
export interface ExecuteOptions {
  /** Seconds until the cell is interrupted. */
  timeout: number;
  /**
   * Called with each message on iopub that belongs to this execution, also with those that come after its
   * end.
   */
  onOutput: (message: Message) => void;
}

/** The reply to an execution. tslab puts neither name nor text of an error into it. */
export interface ExecuteReply {
  status: "ok" | "error" | "abort" | "aborted";
  /** Absent when the kernel did not execute the code. */
  execution_count?: number;
}

/** How often a kernel is started afresh that can't use its sockets. */
const START_ATTEMPTS = 5;
/** Seconds a kernel may take for what needs no computation: answer an interrupt, shut down. */
const GRACE = 2;
/**
 * Bytes of outputs after which a cell is stopped. The kernel keeps what has not been fetched, and what has
 * been is put into a page: a loop that prints for ever would take all of the memory.
 */
const MOST_OUTPUT = 500e6;
/** Seconds that may pass between two outputs of a cell that has ended. */
const SILENCE_LIMIT = 30;
/** Milliseconds for a message that the kernel sent just before it ended. */
const LAST_WORDS = 100;
/**
 * How ZeroMQ connects: what is not sent is dropped when a socket closes; a port that is not bound yet is
 * tried every 20 ms; and whoever accepts a connection and does not speak ZeroMQ is left after 1 s, and not
 * after 30 s: until the kernel binds its ports, another program may be given one for a moment.
 */
const SOCKET_OPTIONS = { linger: 0, reconnectInterval: 20, handshakeInterval: 1000 } as const;
/** Seconds that a starting kernel may take to answer before it is asked again. */
const PATIENCE = 2;
/** What a kernel says that will never answer. */
const DEAF = /EADDRINUSE|Socket is blocked by a bind or unbind operation/;
/** Seconds between two looks at a starting kernel. */
const POLL = 0.1;

/** What came in time, or not. */
const LATE: unique symbol = Symbol("late");
const FLOOD: unique symbol = Symbol("flood");

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
}

/** A request that was sent. */
interface Request {
  /** `size` is in bytes. */
  onIopub: (message: Message, size: number) => void;
  /** The reply, on the channel of the request. */
  reply: Deferred<Message>;
  /** The end of its outputs, on iopub. */
  idle: Deferred<void>;
}

/** A started kernel. Whoever starts one must call {@link Kernel.shutdown}. */
export class Kernel {
  /** Where it listens. */
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
    // it is looked at with every request; between two of them nobody listens
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
   * @throws KernelError when it ends, or does not answer in time
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
    throw new KernelError(`the kernel could not use its sockets, ${START_ATTEMPTS} times in a row`);
  }

  /** Starts the process of a kernel. */
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
   * Executes code and waits for the reply and for the end of its outputs.
   *
   * @throws CellStoppedError when it did not end in time, or put out more than any page could hold; it was interrupted
   * then, and the kernel must not be used any further
   * @throws KernelError when the kernel ends meanwhile, or loses outputs
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
          ? `stopped: the cell ran for longer than ${timeout} s`
          : `stopped: the cell put out more than ${MOST_OUTPUT / 1e6} MB`,
      );
    }
    // the two come on different sockets
    for (let before = -1; before !== heard; ) {
      before = heard;
      if ((await inTime(this.#whileAlive(idle.promise), SILENCE_LIMIT)) !== LATE) {
        return message.content as unknown as ExecuteReply;
      }
    }
    throw new KernelError("the end of the cell's outputs was lost");
  }

  /** Ends the kernel, politely if it listens, and frees all it held. */
  async shutdown(): Promise<void> {
    // what counts is that the process ends: the reply may get lost on its way
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
      // what reaches the kernel before all of its ports are bound is lost, and so is what it publishes before
      // the subscription took effect: ask again
      const request = await this.#send(this.#shell, "kernel_info_request", {});
      const askAgain = performance.now() + PATIENCE * 1000;
      while (performance.now() < Math.min(askAgain, deadline)) {
        // a kernel that cannot bind a socket, or read from it, says so on stderr, and lives on
        if (DEAF.test(this.#process.log)) return "deaf";
        if ((await inTime(this.#whileAlive(request.reply.promise), POLL)) === LATE) continue;
        if ((await inTime(this.#whileAlive(request.idle.promise), POLL)) !== LATE) return "ready";
        break;
      }
    }
    return "late";
  }

  /** Sends a request, whose answers {@link #listen} hands to it. */
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

  /** Hands each message of a channel to the request that it belongs to, until the channel is closed. */
  async #listen(
    socket: AsyncIterable<Buffer[]>,
    handle: (request: Request, message: Message, size: number) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = decodeMessage(this.connection.key, frames);
      } catch {
        // Not from our kernel, which alone has the key: another process got at the port.
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
 * What a promise resolves to, or {@link LATE} when it took longer.
 *
 * @param seconds - how long to wait
 */
async function inTime<T>(promise: Promise<T>, seconds: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    // Where this process itself was busy, the timer comes due before what has arrived meanwhile is read:
    // setImmediate lets that be read first.
    timer = setTimeout(() => setImmediate(resolve, LATE), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
