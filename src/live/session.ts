/**
 * What stands behind a panel: takes requests, trains only when something changed that training depends on, and answers. It trains
 * in slices and listens in between, so that a newer message is never kept waiting by a training. Messages in, messages out; a page
 * runs it in a worker, a test as it stands.
 */
import { figureJson } from "../charts/figure-json.js";
import { isSupported } from "../core/compile/module.js";
import { digestOf } from "../core/digest.js";
import type { Gradual } from "../core/network/gradual.js";
import type { Beat, Overridden, Reading } from "../experiments/panel.js";
import { type OnProgress, plainLoop } from "../experiments/runner.js";
import type { Verdict } from "../experiments/verdict.js";
import { type AnyDemonstration, type Publication, type RecordedVerdict, trainedBy } from "./demonstration.js";

/** What a panel asks for. A newer request takes over from an older one, which gets no more answers. */
export interface Request {
  /** Comes back with every answer. */
  id: number;
  /** `read`: train one network where needed, and look; `judge`: the verdict over many seeds. */
  kind: "read" | "judge";
  values: Record<string, unknown>;
  /** With `read`: the epoch that is looked at; the last by default. */
  to?: number;
  /** With `read`: epochs a second on the way there, > 0; as many as there can be by default. */
  pace?: number;
  /** With `judge`: the verdict that was recorded, which holds for these values if they have its key. */
  recorded?: RecordedVerdict;
}

/** What a session is told: a request; to stay where it is, with a reading of that; that the last frame has been drawn. */
export type Message = Request | { id: number; kind: "halt" } | { id: number; kind: "drawn" };

/** What it gets, one or more for each request; all before `reading` are not the last. */
export type Answer = { id: number } /** The message has been heard: at once, whatever goes on. */ & (
  | { kind: "heard" }
  /** Everything takes longer here: there is no fast machine. */
  | { kind: "plain" }
  | { kind: "overridden"; parameters: Overridden[] }
  | { kind: "progress"; done: number; total: number; step: number }
  /** On the way; none before the last one has been drawn. */
  | ({ kind: "frame"; reading: Reading } & Position)
  /** At the epoch asked for, or where it was halted. */
  | ({ kind: "reading"; reading: Reading; digest: string; hasTrained: boolean } & Position)
  | { kind: "verdict"; verdict: Verdict }
  /** What was recorded holds, if its sample, measured again, is the same to the bit. */
  | { kind: "recorded"; isSame: boolean }
  /** `field` is the parameter at fault, where the message names one. */
  | { kind: "refusal" | "failure"; message: string; field?: string }
);

/** Where in a training. */
export interface Position {
  /** Number of epochs done; below 0 while something else has to be done first. */
  epoch: number;
  /** Number of epochs in all. */
  epochs: number;
  /** What these are where they are not epochs. */
  beat?: Beat;
}

/** The time, and how to let messages in. */
export interface Clock {
  /** In ms. */
  now(): number;
  /** Comes back after so many ms, and not before messages that wait have been handed over. */
  pause(ms: number): Promise<void>;
}

/** How long a session trains without listening, in ms: an epoch longer at most. */
const SLICE = 10;

/** Between two frames, in ms, at least; where a frame takes longer to make, as long as that: half of the time is for training. */
const FRAME = 33;

/** How far behind its pace a training may be and still catch up, in ms. */
const LATE = 100;

/** The training that is looked at. */
interface Course extends Position {
  /** Of what it depends on. */
  key: string;
  steps: Gradual<unknown>;
  /** Makes what there is so far. */
  now(): unknown;
  isDone: boolean;
}

/** Answers requests, one after the other. */
export class Session {
  #course: Course | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** The id of the newest request. */
  #newest: number | undefined;
  /** The id of the request that is to end where it is. */
  #halted: number | undefined;
  /** The id of the request whose frame has not been drawn yet. */
  #undrawn: number | undefined;
  /** When the next frame may come. */
  #framed = Number.NEGATIVE_INFINITY;
  /** When the next epoch is to come; infinite where nothing goes on. */
  #due = Number.POSITIVE_INFINITY;

  constructor(
    private readonly demonstration: AnyDemonstration,
    private readonly answer: (answer: Answer) => void,
    private readonly clock: Clock,
  ) {}

  /** Comes back when a request has had its last answer. */
  handle(message: Message): Promise<void> {
    const { id } = message;
    if (message.kind === "drawn") {
      if (this.#undrawn === id) this.#undrawn = undefined;
      return this.#turn;
    }
    this.answer({ id, kind: "heard" });
    if (message.kind === "halt") {
      this.#halted = id;
    } else {
      this.#newest = id;
      this.#turn = this.#turn.then(() => (this.#newest === id ? this.#take(message) : undefined));
    }
    return this.#turn;
  }

  async #take(request: Request): Promise<void> {
    const { demonstration, answer } = this;
    const { id, kind, values, recorded } = request;
    let parameters: object;
    try {
      parameters = demonstration.check(values);
    } catch (error) {
      answer({ id, ...refusal(error as Error, values) });
      return;
    }
    if (!isSupported()) answer({ id, kind: "plain" });
    try {
      if (kind === "read") {
        if (demonstration.overridden) {
          answer({ id, kind: "overridden", parameters: demonstration.overridden(parameters) });
        }
        await this.#read(request, parameters);
      } else if (recorded && demonstration.key(parameters) === recorded.key) {
        const isSame = recorded.sample.every(
          ({ seed, text }) => demonstration.again(parameters, seed) === text,
        );
        answer({ id, kind: "recorded", isSame });
      } else {
        let step = 0;
        const run = <Point, Result>(
          grid: readonly Point[],
          experiment: (point: Point) => Result,
        ): Result[] => {
          step++;
          const onProgress: OnProgress = (done, total) => answer({ id, kind: "progress", done, total, step });
          onProgress(0, grid.length);
          return plainLoop(onProgress)(grid, experiment) as Result[];
        };
        answer({ id, kind: "verdict", verdict: await demonstration.judge(parameters, run) });
      }
    } catch (error) {
      // some values go wrong only together, which the training says
      const refused = error instanceof RangeError ? refusal(error, values) : undefined;
      const message = error instanceof Error ? error.message : String(error);
      answer({ id, ...(refused?.field === undefined ? { kind: "failure", message } : refused) });
    }
  }

  /** Goes on, or begins anew, until the epoch asked for, a halt or a newer request. */
  async #read(request: Request, parameters: object): Promise<void> {
    const { demonstration, answer, clock } = this;
    const { id, pace = Number.POSITIVE_INFINITY, to = Number.POSITIVE_INFINITY } = request;
    if (!(to >= 0)) throw new RangeError(`to must be a number of epochs >= 0, got ${to}`);
    if (!(pace > 0)) throw new RangeError(`pace must be a number of epochs a second > 0, got ${pace}`);
    const key = keyOf(demonstration, parameters);
    let course = this.#course;
    let hasTrained = false;
    this.#undrawn = undefined;
    if (course?.key !== key || course.epoch > to) {
      // the old one is let go before there is a new one
      this.#course = undefined;
      course = begin(key, demonstration.train(parameters), demonstration.beat?.(parameters));
      hasTrained = true;
      this.#due = Number.POSITIVE_INFINITY;
    }
    this.#course = course;
    const wait = 1000 / pace;
    // who only looks elsewhere in between, however often, does not hold it up
    this.#due = Math.min(Math.max(this.#due, clock.now() - LATE), clock.now() + wait);
    const isThere = (): boolean => course.isDone || (course.epoch >= to && to < course.epochs);
    let shown: number | undefined;
    try {
      while (!isThere() && this.#halted !== id && this.#newest === id) {
        for (const end = clock.now() + SLICE; !isThere() && clock.now() < end && this.#due <= clock.now(); ) {
          const { epoch } = course;
          advance(course);
          hasTrained = true;
          if (course.epoch > epoch) this.#due = Math.max(this.#due, clock.now() - LATE) + wait;
        }
        if (!isThere() && course.epoch !== shown && this.#isFrameDue()) {
          shown = course.epoch;
          this.#frame(id, course, parameters);
        }
        await clock.pause(Math.min(SLICE, Math.max(0, this.#due - clock.now())));
      }
      if (this.#newest !== id) return;
      this.#due = Number.POSITIVE_INFINITY;
      const text = readingText(demonstration, course.now(), parameters);
      answer({
        id,
        kind: "reading",
        reading: JSON.parse(text),
        digest: digestOf(text),
        hasTrained,
        ...positionOf(course),
      });
    } catch (error) {
      this.#course = undefined;
      throw error;
    }
  }

  #isFrameDue(): boolean {
    return this.#undrawn === undefined && this.clock.now() >= this.#framed;
  }

  #frame(id: number, course: Course, parameters: object): void {
    const started = this.clock.now();
    this.#undrawn = id;
    const reading = JSON.parse(readingText(this.demonstration, course.now(), parameters, true));
    this.answer({ id, kind: "frame", reading, ...positionOf(course) });
    const ended = this.clock.now();
    this.#framed = ended + Math.max(FRAME, ended - started);
  }
}

/** What a training depends on, as a text. */
export function keyOf({ looks }: AnyDemonstration, parameters: object): string {
  return JSON.stringify(
    Object.entries(parameters)
      .filter(([name]) => !looks.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A course at its first moment, before the first epoch. */
function begin(key: string, steps: Course["steps"], beat: Beat | undefined): Course {
  const start = { epoch: 0, epochs: 0, now: () => undefined, isDone: false };
  const course: Course = { key, steps, ...start, ...(beat && { beat }) };
  advance(course);
  return course;
}

function positionOf({ epoch, epochs, beat }: Course): Position {
  return { epoch, epochs, ...(beat && { beat }) };
}

/** Takes a course to its next moment; after the last one to its end. */
function advance(course: Course): void {
  const { done, value } = course.steps.next();
  if (done) {
    course.isDone = true;
    course.now = () => value;
    return;
  }
  let made: { trained: unknown } | undefined;
  course.epoch = value.epoch;
  course.epochs = value.epochs;
  course.now = () => {
    made ??= { trained: value.now() };
    return made.trained;
  };
}

/** With the parameter that the message begins with, as all of ours do. */
function refusal(
  { message }: Error,
  values: Request["values"],
): { kind: "refusal"; message: string; field?: string } {
  const name = /^[A-Za-z]\w*/.exec(message)?.[0];
  return { kind: "refusal", message, ...(name !== undefined && name in values && { field: name }) };
}

/** A reading as it travels, in JSON. */
function readingText(
  demonstration: AnyDemonstration,
  trained: unknown,
  parameters: object,
  isMoving = false,
): string {
  return figureJson(demonstration.read(trained, parameters, isMoving));
}

/**
 * What is published of a demonstration with these parameters.
 *
 * @throws RangeError or TypeError when a parameter is not allowed
 */
export function publish(
  demonstration: AnyDemonstration,
  values: Readonly<Record<string, unknown>>,
  recorded?: RecordedVerdict,
): { publication: Publication; reading: Reading } {
  const parameters = demonstration.check({ ...demonstration.extras, ...values });
  const text = readingText(demonstration, trainedBy(demonstration.train(parameters)), parameters);
  const reading: Reading = JSON.parse(text);
  const { notebook } = demonstration;
  return {
    publication: {
      notebook,
      parameters: { ...parameters },
      quantities: reading.quantities,
      digest: digestOf(text),
      ...(recorded && { recorded }),
    },
    reading,
  };
}
