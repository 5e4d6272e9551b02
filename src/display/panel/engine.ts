/**
 * The page's side of a worker: one request at a time, the newest of those that wait, and none that cannot be stopped.
 */
import type { Answer, Request } from "../../live/session.js";
import { gunzip } from "../client/gunzip.js";

/** How long a training that nobody waits for any more may go on, in ms; a new worker costs about as much. */
const PATIENCE = 300;

/** What the engine tells. */
export interface Listener {
  answered(answer: Answer, request: Request): void;
  /** Told whenever work starts or ends; undefined for none. */
  working(kind: Request["kind"] | undefined): void;
}

/** Runs a demonstration in a worker that is made from the page itself. */
export class Engine {
  readonly #code: Promise<string>;
  #worker: Worker | undefined;
  #current: Request | undefined;
  #waiting: Request | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  /** @param gzip the worker's code, gzipped, in base64 */
  constructor(
    gzip: string,
    private readonly listener: Listener,
  ) {
    // a blob: a worker from a file: page could not be loaded from anywhere else
    this.#code = gunzip(gzip).then((code) =>
      URL.createObjectURL(new Blob([code], { type: "text/javascript" })),
    );
  }

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Asks for something; what still waits, or is judged, gives way to it. */
  request(request: Omit<Request, "id">): void {
    this.#count++;
    this.#waiting = { id: this.#count, ...request };
    if (this.#current === undefined) {
      void this.#next();
    } else if (this.#current.kind === "judge") {
      this.#abandon();
      void this.#next();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#abandon();
        void this.#next();
      }, PATIENCE);
    }
  }

  /** Ends all work at once, whatever loop it is in. */
  stop(): void {
    this.#waiting = undefined;
    this.#abandon();
    this.listener.working(undefined);
  }

  #abandon(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #next(): Promise<void> {
    const request = this.#waiting;
    if (request === undefined) return;
    this.#waiting = undefined;
    this.#current = request;
    this.listener.working(request.kind);
    try {
      const url = await this.#code;
      if (this.#current !== request) return;
      this.#worker ??= this.#start(url);
      this.#worker.postMessage(request);
    } catch (error) {
      const what =
        this.#worker === undefined ? "No worker could be started here" : "The values were not taken";
      this.#fail(`${what}: ${error}`);
    }
  }

  #start(url: string): Worker {
    const worker = new Worker(url);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "the page's policy allows no worker");
    };
    return worker;
  }

  #take(answer: Answer): void {
    const request = this.#current;
    if (request === undefined || answer.id !== request.id) return;
    if (answer.kind === "plain" || answer.kind === "progress" || answer.kind === "overridden") {
      this.listener.answered(answer, request);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#current = undefined;
    if (this.#waiting === undefined) this.listener.working(undefined);
    this.listener.answered(answer, request);
    void this.#next();
  }

  #fail(message: string): void {
    const request = this.#current;
    this.#abandon();
    this.listener.working(undefined);
    if (request !== undefined) this.listener.answered({ id: request.id, kind: "failure", message }, request);
  }
}
