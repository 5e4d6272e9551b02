import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type TypeScript from "@tslab/typescript-for-tslab";
import { toParameters } from "../../src/core/network/network.js";
import { kindOf, trainAll } from "../../src/core/network/train-all.js";
import type { TrainOptions } from "../../src/core/network/train-options.js";
import {
  isMeasurement,
  type Measurement,
  measurement,
  type Steps,
  sideBySide,
  together,
} from "../../src/experiments/measurement.js";
import { type TaskParameters, taskSteps, trainTask } from "../../src/experiments/task.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { smallTask } from "./small-task.js";

/** What to train, in a few words. */
type Wish = Partial<TaskParameters>;

/** The parameters of one short training. */
function* parametersAfter(wish: Wish): Steps<number[]> {
  const { training } = yield* taskSteps({ ...smallTask, epochs: 2, ...wish });
  return [...toParameters(training.network)];
}

/** Trains by one wish after the other; the results in their order. */
const chain: Measurement<[wishes: readonly Wish[]], number[][]> = measurement(function* (wishes) {
  const results: number[][] = [];
  for (const wish of wishes) results.push(yield* parametersAfter(wish));
  return results;
});

/** Trains by all wishes at once. */
const fan: Measurement<[wishes: readonly Wish[]], number[][]> = measurement((wishes) =>
  together(wishes.map(parametersAfter)),
);

/** `trainAll`, and what it was asked for: the seeds, a list a round. */
function watched(): { rounds: number[][]; train: typeof trainAll } {
  const rounds: number[][] = [];
  return {
    rounds,
    train(options) {
      rounds.push(options.map(({ seed }) => seed));
      return trainAll(options);
    },
  };
}

const seeds = (...numbers: number[]): Wish[] => numbers.map((seed) => ({ seed }));

/** Refused by `train` itself. */
const refused: Wish = { learningRate: -1 };

/** The message of an outcome that is an error. */
const messageOf = (outcome: object): string =>
  "error" in outcome && outcome.error instanceof Error ? outcome.error.message : assert.fail("no error");

describe("a measurement", () => {
  it("called by itself gives what its trainings give", () => {
    const [own] = chain([{ seed: 3 }]);
    assert.deepEqual(fan([{ seed: 3 }]), [own]);
    assert.deepEqual(chain([]), []);
    assert.deepEqual(fan([]), []);
  });

  it("called by itself throws what the training throws", () => {
    assert.throws(() => chain([refused]), /^RangeError: learningRate must be a finite number > 0, got -1$/);
  });

  it("fails with the first error of what it asked for together", () => {
    const wishes: Wish[] = [{ seed: 1 }, { learningRate: -2 }, { learningRate: -3 }];
    assert.throws(() => fan(wishes), /learningRate must be .*, got -2$/);
  });

  it("is told from a plain function", () => {
    assert.equal(isMeasurement(chain), true);
    assert.equal(isMeasurement(trainTask), false);
  });
});

describe("measurements side by side", () => {
  it("are trained in rounds: all that all of them wish for, until each has come to its end", () => {
    const { rounds, train } = watched();
    sideBySide([seeds(1, 2, 3), seeds(), seeds(4), seeds(5, 6)], chain, train);
    assert.deepEqual(rounds, [[1, 4, 5], [2, 6], [3]]);
  });

  it("have what each wishes for together in one round", () => {
    const { rounds, train } = watched();
    sideBySide([seeds(1, 2, 3), seeds(4)], fan, train);
    assert.deepEqual(rounds, [[1, 2, 3, 4]]);
  });

  it("give each point what the plain function gives it, to the bit, whatever the others do", () => {
    const points = [
      seeds(1, 2, 3),
      [{ seed: 4, learningRate: 1e300 }, { seed: 5 }],
      [],
      [{ seed: 6, hiddenLayers: [3, 2], batchSize: "full" }],
      [{ seed: 7, epochs: 0 }, ...seeds(8, 1)],
    ] as const;
    const others = [[refused], [{ seed: 9 }, refused]];
    for (const measure of [chain, fan]) {
      const outcomes = sideBySide([others[0], ...points, others[1]], measure, trainAll);
      assert.deepEqual(
        outcomes.slice(1, -1),
        points.map((point) => ({ result: measure(point) })),
      );
      assert.ok(points[1].length === 2 && measure(points[1])[0].some(Number.isNaN), "one is lost to NaN");
    }
  });

  it("keep what a point throws, before, between and after its trainings, to that point", () => {
    const throwing = measurement(function* (at: number): Steps<number> {
      if (at === 0) throw new Error("before");
      yield* parametersAfter({});
      if (at === 1) throw new Error("between");
      yield* parametersAfter(at === 2 ? refused : {});
      if (at === 3) throw new Error("after");
      return at;
    });
    const [before, between, training, after, none] = sideBySide([0, 1, 2, 3, 4], throwing, trainAll);
    assert.deepEqual([before, between, after].map(messageOf), ["before", "between", "after"]);
    assert.match(messageOf(training), /^learningRate must be/);
    assert.deepEqual(none, { result: 4 });
  });

  it("keep to its point what the arguments alone throw", () => {
    const reading = measurement(function* ({ seed }: Wish): Steps<number[]> {
      return yield* parametersAfter(seed === undefined ? {} : { seed });
    });
    const [lost, found] = sideBySide([null as unknown as Wish, { seed: 1 }], reading, trainAll);
    assert.match(messageOf(lost), /null/);
    assert.deepEqual(found, { result: reading({ seed: 1 }) });
  });

  it("throw what a training threw into the measurement, which may go on without it", () => {
    const patient = measurement(function* (wish: Wish): Steps<number[]> {
      try {
        return yield* parametersAfter(wish);
      } catch (error) {
        assert.ok(error instanceof RangeError);
        return yield* parametersAfter({ seed: 2 });
      }
    });
    const { rounds, train } = watched();
    const outcomes = sideBySide([refused, { seed: 3 }], patient, train);
    assert.deepEqual(outcomes, [{ result: patient({ seed: 2 }) }, { result: patient({ seed: 3 }) }]);
    assert.deepEqual(rounds, [[1, 3], [2]]);
  });

  it("end before the first point that begins with another kind of training, those that fail not counted", () => {
    const wishes = [seeds(1), [], seeds(2), [{ hiddenLayers: [3] }], seeds(3)];
    assert.equal(sideBySide(wishes, chain, trainAll, kindOf).length, 3);
    assert.equal(sideBySide(wishes.slice(3), chain, trainAll, kindOf).length, 1);
  });
});

describe("the kind of a training", () => {
  const kindWith = (change: Wish, options: Partial<TrainOptions> = {}): string => {
    const first = taskSteps({ ...smallTask, ...change }, options).next();
    return first.done ? assert.fail("it trains") : kindOf(first.value[0]);
  };
  const own = kindWith({});
  const binary16 = (seed: number): string => kindWith({}, { arithmetic: { format: "binary16", seed } });

  it("is that of all seeds, learning rates and initial weights", () => {
    for (const change of [{ seed: 2 }, { learningRate: 1 }, { initialScale: 2 }, { noise: 0.3 }]) {
      assert.equal(kindWith(change), own);
    }
    assert.equal(binary16(1), binary16(2));
  });

  it("is another one where layers, sizes, lengths or numbers differ", () => {
    const others = [
      kindWith({ hiddenLayers: [9] }),
      kindWith({ hiddenLayers: [10, 10] }),
      kindWith({ activation: "tanh" }),
      kindWith({ normalization: "layer" }),
      kindWith({ trainPoints: 61 }),
      kindWith({ batchSize: 2 }),
      kindWith({ epochs: 3 }),
      kindWith({}, { lossForm: { value: "probability" } }),
      kindWith({}, { arithmetic: "binary32" }),
      binary16(1),
    ];
    assert.equal(new Set([own, ...others]).size, others.length + 1);
  });
});

describe("the experiments", () => {
  const ts: typeof TypeScript = createRequire(require.resolve("tslab/package.json"))(
    "@tslab/typescript-for-tslab",
  );
  const files = readdirSync(join(PACKAGE_ROOT, "src", "experiments"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join("experiments", file));
  const exported = files.flatMap((file) =>
    Object.entries<unknown>(require(join(PACKAGE_ROOT, "dist", "src", file.replace(/\.ts$/, ".js")))),
  );
  const measurements = exported.filter(([, value]) => typeof value === "function" && "steps" in value);

  /** Calls, in the generators of a text, of functions that train as they go. */
  function callsOf(text: string, names: readonly string[]): string[] {
    const calls: string[] = [];
    const visit = (node: TypeScript.Node, isInSteps: boolean): void => {
      const isCall = ts.isCallExpression(node) && names.includes(node.expression.getText());
      if (isCall && isInSteps) calls.push(node.getText());
      const isGenerator =
        (ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node)) && node.asteriskToken !== undefined;
      ts.forEachChild(node, (child) => visit(child, isInSteps || isGenerator));
    };
    visit(ts.createSourceFile("text.ts", text, ts.ScriptTarget.ES2022, true), false);
    return calls;
  }
  const training = [
    "train",
    "trainAll",
    "trainTask",
    "runTask",
    "alone",
    ...measurements.map(([name]) => name),
  ];

  it("train in steps: no step calls what trains as it goes, and so all that train can be run side by side", () => {
    assert.ok(measurements.length > 20, `only ${measurements.length} measurements were found`);
    const homes = ["measurement.ts", "task.ts"].map((name) => join("experiments", name));
    for (const file of files.filter((name) => !homes.includes(name))) {
      assert.deepEqual(callsOf(readFileSync(join(PACKAGE_ROOT, "src", file), "utf8"), training), [], file);
    }
  });

  it("would be found to do so", () => {
    const text =
      "const shown = runTask(point); measurement(function* (point) { measureBaseline(point); runTask.steps; measureVoid.steps(point); });";
    assert.deepEqual(callsOf(text, training), ["measureBaseline(point)"]);
  });
});
