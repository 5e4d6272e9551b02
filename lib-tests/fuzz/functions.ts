/**
 * What a cell may import, with good arguments: the tests spoil them. A function that is in neither list fails a test.
 */
import { Matrix } from "ml-matrix";
import type { Network } from "../../src/core/network/network.js";
import * as measuring from "../../src/experiments/index.js";
import * as house from "../../src/index.js";

/** A public function, called rightly. */
export interface Target {
  /** Made anew for each call, since a function may write into it. */
  good: () => unknown[];
  /** Names of its arguments and of their parts, with which its errors begin; any if left out. */
  names?: readonly string[];
  /** Numbers that it takes as they are, however large: a test would wait, or fill the memory. */
  sizes?: readonly string[];
  /** Why NaN, or the words "not a number", may come of it. */
  nan?: string;
}

const { formats } = house;
const split = (): ReturnType<typeof house.moonsSplit> =>
  house.moonsSplit({ trainPoints: 6, testPoints: 4, noise: 0.1, seed: 1 });
const network = (): Network => house.createNetwork({ hiddenLayers: [3], seed: 1 });
const task = { ...house.baseline.defaults, trainPoints: 6, testPoints: 4, hiddenLayers: [3], epochs: 2 };
const area = { x: [-1, 1], y: [-1, 1] };
const pass = (): ReturnType<typeof house.forward> => house.forward(network(), split().train.points);

const DIVERGED =
  "what is not finite makes a training diverge, or a network say nothing: that is what is studied";
const NAMED = "a name, or a unit, is any text";
const SPREADLESS =
  "a mean of no spread, and one of too few values for an interval, have NaN for what is not defined";

/** By the names of the functions. */
export const targets: Readonly<Record<string, Target>> = {
  decode: {
    good: () => [0x3c00n, formats.binary16],
    names: ["pattern", "format"],
    nan: "a pattern may stand for NaN",
  },
  encode: { good: () => [1.5, formats.binary16], names: ["value", "format"] },
  widthOf: { good: () => [formats.binary16], names: ["format"] },
  finfo: { good: () => [formats.binary16], nan: "of a format that is none" },
  makeFormat: {
    good: () => [
      { name: "tiny", precision: 3, maxExponent: 3, minExponent: -2, subnormals: true, overflow: "infinity" },
    ],
    names: ["name", "precision", "maxExponent", "minExponent", "subnormals", "overflow", "options"],
    nan: NAMED,
  },
  roundToNearest: { good: () => [formats.binary16] },
  randomStream: { good: () => ["weights", 1], names: ["name", "seed"] },
  classText: { good: () => [1] },
  makeMoons: {
    good: () => [{ samples: 4, noise: 0.1, random: house.randomStream("dataset", 1) }],
    nan: "of noise beyond all numbers",
  },
  moonsSplit: {
    good: () => [{ trainPoints: 6, testPoints: 4, noise: 0.1, seed: 1 }],
    names: ["trainPoints", "testPoints", "noise", "seed", "options"],
    nan: "of noise beyond all numbers",
  },
  selectPoints: {
    good: () => [split().train, [0, 2]],
    nan: "of data that are NaN",
  },
  activation: { good: () => ["leak", { f: house.relu.f, df: house.relu.df }], nan: NAMED },
  dense: { good: () => [new Matrix([[1], [2]]), new Matrix([[0]])], nan: DIVERGED },
  evaluate: { good: () => [network(), split().test], nan: DIVERGED },
  forward: { good: () => [network(), split().test.points], nan: DIVERGED },
  backward: {
    good: () => [network(), pass(), Matrix.ones(6, 1)],
    nan: DIVERGED,
  },
  gradientCheck: {
    good: () => [{ network: network(), data: split().train, step: 1e-5 }],
    nan: DIVERGED,
  },
  sharpness: {
    good: () => [{ network: network(), data: split().train, tolerance: 0.1, products: 5 }],
    nan: DIVERGED,
  },
  createNetwork: {
    good: () => [
      {
        inputs: 2,
        hiddenLayers: [3, 2],
        initialisation: "he",
        initialScale: 1,
        activation: "relu",
        normalization: "none",
        topK: 2,
        seed: 1,
      },
    ],
    nan: DIVERGED,
  },
  blocksOf: { good: () => [network()], nan: DIVERGED },
  layerSizes: { good: () => [network()] },
  parameterCount: { good: () => [network()], nan: "of a network that is none" },
  toParameters: { good: () => [network()], nan: DIVERGED },
  withParameters: {
    good: () => [network(), house.toParameters(network())],
    nan: DIVERGED,
  },
  gradientOf: { good: () => [network(), split().train], nan: DIVERGED },
  meanLoss: { good: () => [pass(), split().train.labels], nan: DIVERGED },
  activityPenalty: { good: () => [0.1], names: ["activityPenalty", "options"] },
  balancePenalty: { good: () => [0.1], names: ["balancePenalty", "options"] },
  weightDecay: { good: () => [0.1], names: ["weightDecay", "options"] },
  descend: {
    good: () => [network(), house.gradientOf(network(), split().train).gradients, 0.1],
    nan: DIVERGED,
  },
  meanOver: {
    good: () => [6, house.gradientOf(network(), split().train).gradients],
    nan: DIVERGED,
  },
  train: {
    good: () => [
      {
        network: network(),
        train: split().train,
        test: split().test,
        learningRate: 0.1,
        batchSize: 2,
        epochs: 2,
        labelSmoothing: 0.1,
        targetLoss: 0.01,
        seed: 1,
        leftOut: [1],
        recordEvery: 1,
        snapshots: [1],
        arithmetic: {
          format: "binary16",
          rounding: "stochastic",
          lossScale: 2,
          summation: "sequential",
          seed: 1,
        },
        path: "eager",
      },
    ],
    sizes: ["epochs"],
    nan: DIVERGED,
  },
  disagreement: { good: () => [network(), network(), split().test.points], nan: DIVERGED },
  planePoints: { good: () => [area, 4], nan: "of an area without end" },
  probabilityOnPlane: {
    good: () => [network(), area, 4],
    nan: DIVERGED,
  },
  rectangleAround: { good: () => [split().train, 0.5], nan: "of data that are NaN" },
  auroc: {
    good: () => [
      [1, 2],
      [0, 3],
    ],
    nan: "of a score that is NaN",
  },
  correlation: {
    good: () => [
      [1, 2, 4],
      [0, 3, 3],
    ],
    nan: "of a number that is NaN, or of one that never changes",
  },
  meanInterval: {
    good: () => [
      [0.1, 0.2, 0.4, 0.3, 0.6],
      [0, 1],
    ],
    nan: SPREADLESS,
  },
  quantile: {
    good: () => [[1, 2, 4], 0.3],
    nan: "of a number that is NaN",
  },
  shareOf: {
    good: () => [[1, 2, 4], (value: number) => value === 2],
    nan: SPREADLESS,
  },
  drawTask: { good: () => [task], nan: DIVERGED },
  runTask: {
    good: () => [task],
    sizes: ["epochs"],
    nan: DIVERGED,
  },
  trainTask: {
    good: () => [task, house.drawTask(task as never)],
    sizes: ["epochs"],
    nan: DIVERGED,
  },
  seedsOf: { good: () => [{ firstSeed: 1, sweepSeeds: 3 }] },
  meanText: {
    good: () => [house.meanInterval([0.1, 0.2, 0.4, 0.3, 0.6]), 1, 100, "%"],
    names: ["interval", "digits", "factor", "unit"],
    nan: SPREADLESS,
  },
  shareText: {
    good: () => [house.shareOf([1, 2, 3, 4, 5, 6], (i) => i > 2), "seeds"],
    names: ["interval", "units"],
    nan: NAMED,
  },
  percent: { good: () => [0.5, 1], names: ["share", "decimals"] },
};

/** Which functions are given nonsense only, of which it is enough that they end, and why. */
export const exempt: readonly { has: (name: string) => boolean; reason: string }[] = [
  {
    has: (name) => /(Figure|Prediction|Table|Text|Title|Means|table)$|^describe/.test(name),
    reason: "draws what a measurement returned, or puts it into words; TypeScript says what that is",
  },
  {
    has: (name) => name in measuring,
    reason: "measures with parameters that `parameters` has checked, or goes on with what was measured",
  },
];

/** Functions that are not called at all. */
export const uncalled: Readonly<Record<string, string>> = {
  closeWorkers: "ends the workers of this process",
  gather: "reads and measures, and shows how far it is: its errors are those of `parameters` and of `sweep`",
  progress: "shows, under a cell",
  setUpCharts: "shows, under a cell",
  show: "shows, under a cell",
  showAnswer: "shows, under a cell",
  showClosing: "shows, under a cell",
  showExercises: "shows, under a cell",
  showMarkdown: "shows, under a cell",
  showMatrices: "shows, under a cell",
  showMeans: "shows, under a cell",
  showTable: "shows, under a cell",
  showTryIt: "shows, under a cell",
  showVerdict: "shows, under a cell",
  sweep: "a test of its own, which waits for it",
  SweepError: "a class",
  SweepInterruptedError: "a class",
};
