/**
 * Efficiency against leakage: designs of the network or of the device that runs it, what each saves and what
 * each leaks.
 */
import { allOf, type Finding, meanAbove, meanBelow } from "../grading.js";
import { type MeanInterval, meanInterval, rankCorrelation } from "../statistics.js";
import type { TaskParameters } from "../task.js";
import { type DesignPoint, type DesignResult, type SideChannelParameters, taskWith } from "./side-channel.js";

/** Designs that differ by the strength of one feature, in the order of that strength. */
export interface DesignFamily {
  name: string;
  designs: { name: string; change: Partial<TaskParameters> }[];
  /** The design to compare them with, trained with the same batches; plain ReLU by default. */
  baseline?: string;
}

/** Points in a batch where the classes are balanced batch by batch: enough that none lacks a class. */
const BALANCED_BATCH = 25;

/** Plain ReLU, and the same in batches of 25, which alone changes the leak. */
const RELU = "ReLU";
const BATCHED_RELU = `ReLU in batches of ${BALANCED_BATCH}`;

/** Name of the family of activations that are never 0. */
export const NEVER_ZERO = "activations that are never 0";

/** The designs to compare; the first family is the network as it is. */
export function designFamilies({ hiddenLayers }: Pick<TaskParameters, "hiddenLayers">): DesignFamily[] {
  const widest = Math.max(1, ...hiddenLayers);
  const largest = [...new Set([2, 3, 5].map((tenths) => Math.max(1, Math.round((widest * tenths) / 10))))];
  const scaled = (factor: number): number[] =>
    hiddenLayers.map((width) => Math.min(1024, Math.max(1, Math.round(width * factor))));
  const design = (name: string, change: Partial<TaskParameters>): DesignFamily["designs"][number] => ({
    name,
    change,
  });
  return [
    { name: RELU, designs: [design(RELU, {})] },
    {
      name: NEVER_ZERO,
      designs: [
        design("leaky ReLU", { activation: "leaky-relu" }),
        design("softplus", { activation: "softplus" }),
        design("tanh", { activation: "tanh" }),
      ],
    },
    {
      name: "L1 penalty on the activity",
      designs: [0.001, 0.01].map((activityPenalty) =>
        design(`L1, λ = ${activityPenalty}`, { activityPenalty }),
      ),
    },
    {
      name: "k winners take all",
      designs: largest.map((k) => design(`${k} ${k === 1 ? "winner" : "winners"}`, { topK: k })),
    },
    {
      name: `balance penalty, batches of ${BALANCED_BATCH}`,
      designs: [
        design(BATCHED_RELU, { batchSize: BALANCED_BATCH }),
        ...[0.01, 0.1].map((balancePenalty) =>
          design(`balance, μ = ${balancePenalty}`, { batchSize: BALANCED_BATCH, balancePenalty }),
        ),
      ],
      baseline: BATCHED_RELU,
    },
    {
      name: "width",
      designs: (hiddenLayers.length > 0 ? [0.5, 2] : []).map((factor) =>
        design(`width ${scaled(factor).join(", ")}`, { hiddenLayers: scaled(factor) }),
      ),
    },
  ];
}

/** A design's place between efficiency and leakage, over the seeds. */
export interface Tradeoff {
  name: string;
  family: string;
  /** The design to compare it with, seed by seed. */
  baseline: string;
  /** Its place in each seed: the share of multiply-accumulates saved, and the bits that the active count leaks. */
  places: readonly Place[];
  saved: MeanInterval;
  bits: MeanInterval;
  /** How much more is saved than by the baseline with the same seed. */
  savedMore: MeanInterval;
  /** How many bits more leak than from the baseline with the same seed. */
  bitsMore: MeanInterval;
  /** Least number of bits that the Hamming weight of the outputs leaks; undefined where it was not measured. */
  hammingBits?: MeanInterval;
  /** Share of the test points that the network gets right. */
  accuracy: MeanInterval;
  /** How much more accurate it is than the baseline with the same seed. */
  accuracyMore: MeanInterval;
}

/** What one network saves and leaks, and its accuracy. */
export type Place = Pick<DesignResult, "saved" | "bits" | "accuracy">;

/** Name of the family of plain ReLU on devices that pad. */
const PADDING = "padding";

/** The designs with their families. */
function designsOf(
  parameters: SideChannelParameters,
): (DesignFamily["designs"][number] & { family: string; baseline: string })[] {
  return designFamilies(parameters).flatMap(({ name: family, designs, baseline = RELU }) =>
    designs.map((design) => ({ ...design, family, baseline })),
  );
}

/** The trainings of a seed, one for each design; plain ReLU comes first and also runs on devices that pad. */
export function designPoints(parameters: SideChannelParameters, seed: number): DesignPoint[] {
  return designsOf(parameters).map(({ change }, i) => ({
    ...taskWith(parameters, seed),
    ...change,
    ...(i === 0 && { isPadded: true }),
  }));
}

/** All designs over the same seeds; plain ReLU comes first, plain ReLU on devices that pad last. */
export function tradeoffsOf(
  rows: readonly (readonly DesignResult[])[],
  parameters: SideChannelParameters,
): Tradeoff[] {
  const designs = designsOf(parameters);
  const results = new Map(designs.map(({ name }, i) => [name, rows.map((row) => row[i])]));
  const of = (name: string): DesignResult[] => results.get(name) ?? [];
  const trained = designs.map(({ name, family, baseline }) => ({
    name,
    family,
    ...compare(of(name), baseline, of(baseline)),
    hammingBits: meanInterval(
      of(name).map(({ hammingBits }) => hammingBits),
      [0, 1],
    ),
  }));
  return [...trained, ...paddingTradeoffs(of(RELU))];
}

/** Plain ReLU on devices that pad, up to the one that skips nothing. */
function paddingTradeoffs(relu: readonly DesignResult[]): Tradeoff[] {
  const devices = relu.map(({ paddings = [] }) => paddings.slice(1));
  return devices[0].map(({ atLeast }, i) => ({
    name: i + 1 === devices[0].length ? "dense, nothing skipped" : `at least ${atLeast}`,
    family: PADDING,
    ...compare(
      devices.map((paddings, k) => ({ ...paddings[i], accuracy: relu[k].accuracy })),
      RELU,
      relu,
    ),
  }));
}

function compare(
  places: readonly Place[],
  baseline: string,
  others: readonly Place[],
): Omit<Tradeoff, "name" | "family" | "hammingBits"> {
  const over = (quantity: keyof Place): MeanInterval =>
    meanInterval(
      places.map((place) => place[quantity]),
      [0, 1],
    );
  const more = (quantity: keyof Place): MeanInterval =>
    meanInterval(
      places.map((place, i) => place[quantity] - others[i][quantity]),
      [-1, 1],
    );
  return {
    baseline,
    places,
    saved: over("saved"),
    bits: over("bits"),
    savedMore: more("saved"),
    bitsMore: more("bits"),
    accuracy: over("accuracy"),
    accuracyMore: more("accuracy"),
  };
}

/** Below this number of bits a design counts as tight: a single trace hardly beats a coin. */
export const TIGHT_BITS = 0.05;

/** The most accuracy that an efficient design may cost. */
export const AFFORDABLE = 0.02;

/** The trained designs that are not baselines of others. */
function rivals(tradeoffs: readonly Tradeoff[]): Tradeoff[] {
  return tradeoffs.filter(({ name, family, baseline }) => name !== baseline && family !== PADDING);
}

/** A design, and whether it beats its baseline in everything that counts. */
export interface FreeLunch {
  design: Tradeoff;
  /** Whether it saves more and leaks less, at a cost of less than 2 points of accuracy. */
  finding: Finding;
}

/** The designs, sorted by how surely they save more and leak less than their baselines with the same seeds. */
export function freeLunches(tradeoffs: readonly Tradeoff[]): FreeLunch[] {
  return rivals(tradeoffs)
    .map((design) => ({
      design,
      finding: allOf([
        meanAbove(design.savedMore, 0),
        meanBelow(design.bitsMore, 0),
        meanAbove(design.accuracyMore, -AFFORDABLE),
      ]),
    }))
    .sort((a, b) => b.finding.deviate - a.finding.deviate || 0);
}

/**
 * Do designs that save more leak more? For each seed, the rank correlation of the two over the designs
 * trained with the same batches as plain ReLU. Devices that pad are left out: they save less and leak less of the same
 * network by construction. Seeds in which nothing varies are left out too.
 */
export function savingsAgainstBits(tradeoffs: readonly Tradeoff[]): {
  designs: number;
  correlations: number[];
} {
  const alike = tradeoffs.filter(({ family, baseline }) => baseline === RELU && family !== PADDING);
  const correlations = (alike[0]?.places ?? []).map((_, i) =>
    rankCorrelation(
      alike.map(({ places }) => places[i].saved),
      alike.map(({ places }) => places[i].bits),
    ),
  );
  return { designs: alike.length, correlations: correlations.filter((r) => !Number.isNaN(r)) };
}

/** The frontier: the designs that no other beats in both saving and leaking, the thriftiest first. */
export function paretoFront(tradeoffs: readonly Tradeoff[]): Tradeoff[] {
  return tradeoffs
    .filter(
      (one) =>
        !tradeoffs.some(
          (other) =>
            other.saved.mean >= one.saved.mean &&
            other.bits.mean <= one.bits.mean &&
            (other.saved.mean > one.saved.mean || other.bits.mean < one.bits.mean),
        ),
    )
    .sort((a, b) => b.saved.mean - a.saved.mean);
}
