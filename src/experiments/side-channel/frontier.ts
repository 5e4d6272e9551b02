/**
 * Efficiency against leakage: designs of the network, all trained alike but for the one thing that they name, and devices that
 * run the plain one. What each saves, and what it leaks.
 */
import { allOf, type Finding, meanAbove, meanBelow } from "../grading.js";
import { type MeanInterval, meanInterval, rankCorrelation } from "../statistics.js";
import type { TaskParameters } from "../task.js";
import type { DesignPoint, DesignResult } from "./designs.js";
import type { DummyWork, Padding } from "./devices.js";
import { usableBatch } from "./normalization.js";
import { type SideChannelParameters, taskWith } from "./side-channel.js";

/** A design: what is changed of the parameters. */
export interface Design {
  name: string;
  /** Designs that differ by the strength of one feature. */
  family: string;
  /** The design to compare it with, trained in the same batches. */
  baseline: string;
  change: Partial<TaskParameters>;
}

/** The plain network, and the same in a full batch. */
export const RELU = "ReLU";
const FULL_RELU = "ReLU, full batch";

/** Names of families that lines are about. */
export const NEVER_ZERO = "activation never 0";
export const FULL_BATCH_FAMILY = "full batch";

/** Normalized designs, in either kind of batch; the first is the one that the chart shows. */
export const LAYER: readonly string[] = ["layer norm", "layer norm, full batch"];
export const BATCH: readonly string[] = ["batch norm", "batch norm, full batch"];

/** The strongest penalty on the difference between the classes, in either kind of batch. */
export const BALANCE: readonly [string, string] = ["balance, μ = 1", "balance, μ = 1, full batch"];

/** Points in a batch: enough that hardly any batch lacks a class. */
const TOGETHER = 25;

/** The parts of the parameters that decide how designs train. */
type Steps = Pick<TaskParameters, "batchSize" | "trainPoints" | "learningRate" | "epochs">;

/**
 * The learning rate of single samples that makes steps of the parameters' own batches as noisy as they are: a rate grows with the
 * square root of the batch (Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks, section 5).
 */
function singleRate({ batchSize, trainPoints, learningRate }: Steps): number {
  return learningRate / Math.sqrt(batchSize === "full" ? trainPoints : Math.min(batchSize, trainPoints));
}

/** The batches that all designs share, and the learning rate for them. */
export function sharedBatches(parameters: Steps): Pick<Steps, "batchSize" | "learningRate"> {
  const batchSize = usableBatch(TOGETHER, parameters.trainPoints);
  const size = batchSize === "full" ? parameters.trainPoints : batchSize;
  return { batchSize, learningRate: singleRate(parameters) * Math.sqrt(size) };
}

/**
 * A full batch: at 10 times the rate of single samples, and not at the square root of 250, where layer normalization no longer
 * learns; its steps are few, hence twice the epochs.
 */
function fullBatch(parameters: Steps): Pick<Steps, "batchSize" | "learningRate" | "epochs"> {
  return { batchSize: "full", learningRate: 10 * singleRate(parameters), epochs: 2 * parameters.epochs };
}

/** The designs to compare; the first is the network as it is. */
function designsOf(parameters: SideChannelParameters): Design[] {
  const { hiddenLayers } = parameters;
  const [shared, whole] = [sharedBatches(parameters), fullBatch(parameters)];
  const widest = Math.max(1, ...hiddenLayers);
  const winners = [...new Set([1, 2, 5].map((tenths) => Math.max(1, Math.round((widest * tenths) / 10))))];
  const scaled = (factor: number): number[] =>
    hiddenLayers.map((width) => Math.min(1024, Math.max(1, Math.round(width * factor))));
  const family = (name: string, designs: Record<string, Partial<TaskParameters>>): Design[] =>
    Object.entries(designs).map(([design, change]) => ({
      name: design,
      family: name,
      baseline: RELU,
      change: { ...shared, ...change },
    }));
  const full = (name: string, change: Partial<TaskParameters> = {}): Design => ({
    name,
    family: FULL_BATCH_FAMILY,
    baseline: FULL_RELU,
    change: { ...whole, ...change },
  });
  return [
    ...family(RELU, { [RELU]: {} }),
    ...family(NEVER_ZERO, {
      "leaky ReLU": { activation: "leaky-relu" },
      softplus: { activation: "softplus" },
      tanh: { activation: "tanh" },
    }),
    ...family("L1 on the activity", {
      "L1, λ = 0.001": { activityPenalty: 0.001 },
      "L1, λ = 0.01": { activityPenalty: 0.01 },
    }),
    ...family(
      "k winners take all",
      Object.fromEntries(winners.map((k) => [`${k} ${k === 1 ? "winner" : "winners"}`, { topK: k }])),
    ),
    ...family("balance penalty", {
      "balance, μ = 0.01": { balancePenalty: 0.01 },
      "balance, μ = 0.1": { balancePenalty: 0.1 },
      [BALANCE[0]]: { balancePenalty: 1 },
    }),
    ...(hiddenLayers.length > 0
      ? family("width", {
          "half as wide": { hiddenLayers: scaled(0.5) },
          "twice as wide": { hiddenLayers: scaled(2) },
        })
      : []),
    ...family("normalization", {
      [LAYER[0]]: { normalization: "layer" },
      [BATCH[0]]: { normalization: "batch" },
    }),
    full(FULL_RELU),
    full(LAYER[1], { normalization: "layer" }),
    full(BATCH[1], { normalization: "batch" }),
    full(BALANCE[1], { balancePenalty: 1 }),
  ];
}

/** The trainings of a seed, one for each design; plain ReLU comes first and also runs on devices that hide. */
export function designPoints(parameters: SideChannelParameters, seed: number): DesignPoint[] {
  return designsOf(parameters).map(({ change }, i) => ({
    ...taskWith(parameters, seed),
    ...change,
    ...(i === 0 && { onDevices: true }),
  }));
}

/** A design's place between efficiency and leakage in each seed. */
export interface Tradeoff extends Omit<Design, "change"> {
  places: readonly DesignResult[];
  /** Those of its baseline with the same seeds. */
  others: readonly DesignResult[];
}

/** A device that runs plain ReLU: what it saves and leaks in each seed, whoever counts. */
export interface DeviceTradeoff {
  name: string;
  family: "padding" | "dummy work";
  places: readonly (Padding | DummyWork)[];
}

/** Designs and devices over the same seeds. */
export interface FrontierFindings {
  /** Plain ReLU comes first. */
  designs: Tradeoff[];
  /** From little hidden to much, dummy work after padding; the most padding is dense inference. */
  devices: DeviceTradeoff[];
}

/** All designs and devices over the same seeds. */
export function frontierFindings(
  rows: readonly (readonly DesignResult[])[],
  parameters: SideChannelParameters,
): FrontierFindings {
  const designs = designsOf(parameters);
  const results = new Map(designs.map(({ name }, i) => [name, rows.map((row) => row[i])]));
  const of = (name: string): DesignResult[] => results.get(name) ?? [];
  const hidden = of(RELU).flatMap(({ devices }) => (devices ? [devices] : []));
  const widest = Math.max(0, ...parameters.hiddenLayers);
  const [padded, dummies] = [
    hidden.map(({ paddings }) => paddings),
    hidden.map((devices) => devices.dummies),
  ];
  return {
    designs: designs.map(({ name, family, baseline }) => ({
      name,
      family,
      baseline,
      places: of(name),
      others: of(baseline),
    })),
    devices: [
      ...(padded[0] ?? []).map(
        ({ atLeast }, i): DeviceTradeoff => ({
          name: atLeast === widest ? "padding to all: dense" : `padding to ${atLeast}`,
          family: "padding",
          places: padded.map((own) => own[i]),
        }),
      ),
      ...(dummies[0] ?? []).map(
        ({ most }, i): DeviceTradeoff => ({
          name: `0 to ${Math.round(most * widest)} dummies`,
          family: "dummy work",
          places: dummies.map((own) => own[i]),
        }),
      ),
    ],
  };
}

/** The mean of a quantity over the seeds; the least and the most it can be are -1 and 1 unless given. */
export function meanOver<Place>(
  places: readonly Place[],
  pick: (place: Place, i: number) => number,
  bounds: readonly [number, number] = [-1, 1],
): MeanInterval {
  return meanInterval(places.map(pick), bounds);
}

/** Bits that one reading leaks to an attacker who has both power models and takes the better one. */
export function worstBits({ bits, hammingBits }: Pick<DesignResult, "bits" | "hammingBits">): number {
  return Math.max(bits, hammingBits);
}

/** Below this number of bits a design counts as tight: a single trace hardly beats a coin. */
export const TIGHT_BITS = 0.05;

/** The most accuracy that an efficient design may cost. */
export const AFFORDABLE = 0.02;

/** The share of ReLU's savings from which on a design counts as efficient. */
export const EFFICIENT = 0.5;

/** A design, and whether it is efficient, tight and accurate at once. */
export interface TightDesign {
  design: Tradeoff;
  finding: Finding;
}

/** The designs but the plain ones, sorted by how surely they save work and keep the secret. */
export function tightDesigns(designs: readonly Tradeoff[]): TightDesign[] {
  return designs
    .filter(({ name, baseline }) => name !== baseline)
    .map((design) => {
      const { places, others } = design;
      return {
        design,
        finding: allOf([
          meanAbove(
            meanOver(places, ({ saved }, i) => saved - EFFICIENT * others[i].saved),
            0,
          ),
          meanBelow(meanOver(places, worstBits, [0, 1]), TIGHT_BITS),
          meanAbove(
            meanOver(places, ({ accuracy }, i) => accuracy - others[i].accuracy),
            -AFFORDABLE,
          ),
        ]),
      };
    })
    .sort((a, b) => b.finding.deviate - a.finding.deviate || 0);
}

/**
 * Do designs that save more leak more? For each seed, the rank correlation of the two over the designs trained in the shared
 * batches, each by its leakier power model. Seeds in which nothing varies are left out.
 */
export function savingsAgainstBits(designs: readonly Tradeoff[]): {
  designs: number;
  correlations: number[];
} {
  const alike = designs.filter(({ family }) => family !== FULL_BATCH_FAMILY);
  const correlations = (alike[0]?.places ?? []).map((_, i) =>
    rankCorrelation(
      alike.map(({ places }) => places[i].saved),
      alike.map(({ places }) => worstBits(places[i])),
    ),
  );
  return { designs: alike.length, correlations: correlations.filter((r) => !Number.isNaN(r)) };
}
