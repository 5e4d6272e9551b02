/**
 * The page's side of a worker: one request at a time, the newest. A worker that trains hears a newer one, or that it is to stay
 * where it is; one that does not answer in time is ended, and another takes its place.
 */
import type { Answer, Message, Request } from "../../live/session.js";
import { openWorker, workerAddress } from "./worker-address.js";

/** How long a worker may be deaf, in ms; a new one costs about as much. */
const PATIENCE = 300;

/** What the engine tells. */
export interface Listener {
  /** Told of all answers to the newest request. A frame is followed by the next once {@link Engine.drawn} was called. */
  answered(answer: Exclude<Answer, { kind: "heard" }>, request: Request): void;
  /** Told whenever work starts or ends; undefined for none. */
  working(kind: Request["kind"] | undefined): void;
}

/** Runs a demonstration in a worker that is made from the page itself. */
export class Engine {
  readonly #code: Promise<string>;
  #worker: Worker | undefined;
  /** Whether the worker has ever answered: it takes its time to start. */
  #isAlive = false;
  #current: Request | undefined;
  /** Waits for the current one to end, as long as that takes no longer than the patience. */
  #waiting: Request | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #deaf: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  /** @param gzip the worker's code, gzipped, in base64 */
  constructor(
    gzip: string,
    private readonly listener: Listener,
  ) {
    this.#code = workerAddress(gzip);
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /**
   * Asks for something; what was asked for before gives way to it, at the next epoch.
   *
   * @param isPatient - for values that are moved by a hand: whatever is about to end may end first, so that there is something
   * to see on the way
   */
  request(own: Omit<Request, "id">, isPatient = false): void {
    this.#count++;
    this.#waiting = { id: this.#count, ...own };
    if (isPatient && this.#current?.kind === "read") this.#wait ??= setTimeout(() => this.#next(), PATIENCE);
    else this.#next();
  }

  /** Ends what goes on where it is: a training with a reading of that, all else with nothing. */
  halt(): void {
    const request = this.#current;
    this.#drop();
    if (request?.kind === "read" && this.#worker !== undefined) {
      this.#post({ id: request.id, kind: "halt" }, () => this.stop());
    } else {
      this.stop();
    }
  }

  /** The last frame has been drawn. */
  drawn(): void {
    if (this.#current !== undefined) this.#worker?.postMessage({ id: this.#current.id, kind: "drawn" });
  }

  /** Ends all work at once, whatever loop it is in. */
  stop(): void {
    this.#drop();
    this.#abandon();
    this.listener.working(undefined);
  }

  /** Forgets what waits. */
  #drop(): void {
    clearTimeout(this.#wait);
    this.#wait = undefined;
    this.#waiting = undefined;
  }

  #abandon(): void {
    clearTimeout(this.#deaf);
    this.#current = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isAlive = false;
  }

  #next(): void {
    const request = this.#waiting;
    this.#drop();
    if (request === undefined) return;
    // no message reaches it there
    if (this.#current?.kind === "judge") this.#abandon();
    this.#current = request;
    this.listener.working(request.kind);
    void this.#start(request);
  }

  async #start(request: Request): Promise<void> {
    try {
      const url = await this.#code;
      if (this.#current !== request) return;
      this.#worker ??= openWorker(
        url,
        (answer: Answer) => this.#take(answer),
        (message) => this.#fail(message),
      );
      this.#post(request, () => {
        this.#abandon();
        this.#current = request;
        void this.#start(request);
      });
    } catch (error) {
      const what =
        this.#worker === undefined ? "No worker could be started here" : "The values were not taken";
      this.#fail(`${what}: ${error}`);
    }
  }

  /** Sends a message; `unheard` is what to do when the worker is in a loop too long to wait for. */
  #post(message: Message, unheard: () => void): void {
    this.#worker?.postMessage(message);
    clearTimeout(this.#deaf);
    if (this.#isAlive) this.#deaf = setTimeout(unheard, PATIENCE);
  }

  #take(answer: Answer): void {
    const request = this.#current;
    this.#isAlive = true;
    if (request === undefined || answer.id !== request.id) return;
    switch (answer.kind) {
      case "heard":
        clearTimeout(this.#deaf);
        return;
      case "plain":
      case "overridden":
      case "progress":
      case "frame":
        this.listener.answered(answer, request);
        return;
      default:
        this.#current = undefined;
        if (this.#waiting === undefined) this.listener.working(undefined);
        this.listener.answered(answer, request);
        this.#next();
    }
  }

  #fail(message: string): void {
    const request = this.#current;
    this.#abandon();
    this.listener.working(undefined);
    if (request !== undefined) this.listener.answered({ id: request.id, kind: "failure", message }, request);
  }
}
