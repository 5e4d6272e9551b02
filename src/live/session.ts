/**
 * What stands behind a panel: takes requests, trains only when something changed that training depends on, and answers.
 * Messages in, messages out; a page runs it in a worker, a test as it stands.
 */
import { figureJson } from "../charts/figure-json.js";
import { isSupported } from "../core/compile/module.js";
import { digestOf } from "../core/digest.js";
import type { Overridden, Reading } from "../experiments/panel.js";
import { type OnProgress, plainLoop } from "../experiments/runner.js";
import type { Verdict } from "../experiments/verdict.js";
import type { AnyDemonstration, Publication, RecordedVerdict } from "./demonstration.js";

/** What a panel asks for. */
export interface Request {
  /** Comes back with every answer. */
  id: number;
  /** `read`: train one network where needed, and look; `judge`: the verdict over many seeds. */
  kind: "read" | "judge";
  values: Record<string, unknown>;
  /** With `judge`: the verdict that was recorded, which holds for these values if they have its key. */
  recorded?: RecordedVerdict;
}

/** What it gets, one or more for each request; `plain`, `progress` and `overridden` are not the last. */
export type Answer = { id: number } /** Everything takes longer here: there is no fast machine. */ & (
  | { kind: "plain" }
  | { kind: "overridden"; parameters: Overridden[] }
  | { kind: "progress"; done: number; total: number; step: number }
  | { kind: "reading"; reading: Reading; digest: string; hasTrained: boolean }
  | { kind: "verdict"; verdict: Verdict }
  /** What was recorded holds, if its sample, measured again, is the same to the bit. */
  | { kind: "recorded"; isSame: boolean }
  /** `field` is the parameter at fault, where the message names one. */
  | { kind: "refusal" | "failure"; message: string; field?: string }
);

/** Answers requests, one after the other. */
export class Session {
  #trained: { key: string; state: unknown } | undefined;

  constructor(
    private readonly demonstration: AnyDemonstration,
    private readonly answer: (answer: Answer) => void,
  ) {}

  async handle({ id, kind, values, recorded }: Request): Promise<void> {
    const { demonstration, answer } = this;
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
        answer({ id, kind: "reading", ...this.#read(parameters) });
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

  #read(parameters: object): { reading: Reading; digest: string; hasTrained: boolean } {
    const { demonstration } = this;
    const key = JSON.stringify(
      Object.entries(parameters)
        .filter(([name]) => !demonstration.looks.includes(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const hasTrained = this.#trained?.key !== key;
    if (hasTrained) {
      // the old state is let go before the new one is made
      this.#trained = undefined;
      this.#trained = { key, state: demonstration.train(parameters) };
    }
    return { ...readingOf(demonstration, this.#trained?.state, parameters), hasTrained };
  }
}

/** With the parameter that the message begins with, as all of ours do. */
function refusal(
  { message }: Error,
  values: Request["values"],
): { kind: "refusal"; message: string; field?: string } {
  const name = /^[A-Za-z]\w*/.exec(message)?.[0];
  return { kind: "refusal", message, ...(name !== undefined && name in values && { field: name }) };
}

/** A reading as it travels (plain JSON), and its digest. */
function readingOf(
  demonstration: AnyDemonstration,
  trained: unknown,
  parameters: object,
): { reading: Reading; digest: string } {
  const text = figureJson(demonstration.read(trained, parameters));
  return { reading: JSON.parse(text), digest: digestOf(text) };
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
  const { reading, digest } = readingOf(demonstration, demonstration.train(parameters), parameters);
  const { notebook } = demonstration;
  return {
    publication: {
      notebook,
      parameters: { ...parameters },
      quantities: reading.quantities,
      digest,
      ...(recorded && { recorded }),
    },
    reading,
  };
}
