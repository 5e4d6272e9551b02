/**
 * Efficiency against leakage: designs of the network or of the device that runs it, what each saves and what
 * each gives away. And normalization, with why it does to the leak what it does.
 */
import { foldedBatchNorm } from "../../core/network/batch-norm.js";
import { blocksOf, type Network, withDense } from "../../core/network/network.js";
import { allOf, type Finding, meanAbove, meanBelow } from "../grading.js";
import type { Runner } from "../runner.js";
import { type MeanInterval, meanInterval, rankCorrelation } from "../statistics.js";
import { denseWork } from "./leakage.js";
import {
  type SideChannelParameters,
  type SideChannelResult,
  type SideChannelVariation,
  sideChannelVariations,
} from "./side-channel.js";

/** Designs that differ by the strength of one thing, in the order of that strength. */
export interface DesignFamily {
  name: string;
  designs: { name: string; change: Partial<SideChannelParameters> }[];
  /** The design that they are compared with, trained in the same batches; plain ReLU by default. */
  baseline?: string;
}

/** Points in a batch where the classes are balanced batch by batch: enough that none lacks a class. */
const BALANCED_BATCH = 25;

/** Plain ReLU, and the same in batches of 25, which alone changes the leak. */
const RELU = "ReLU";
const BATCHED_RELU = `ReLU in batches of ${BALANCED_BATCH}`;

/** Name of the family of activations that are never 0. */
export const NEVER_ZERO = "activations that are never 0";

/** The designs that are compared; the first family is the network as it stands. */
export function designFamilies({
  hiddenLayers,
}: Pick<SideChannelParameters, "hiddenLayers">): DesignFamily[] {
  const widest = Math.max(1, ...hiddenLayers);
  const largest = [...new Set([2, 3, 5].map((tenths) => Math.max(1, Math.round((widest * tenths) / 10))))];
  const scaled = (factor: number): number[] =>
    hiddenLayers.map((width) => Math.min(1024, Math.max(1, Math.round(width * factor))));
  const design = (name: string, change: Partial<SideChannelParameters>): DesignFamily["designs"][number] => ({
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
  /** The design that it is compared with, seed by seed. */
  baseline: string;
  /** Its place in each seed; saved is the share of the multiply-accumulates, bits what the active count tells. */
  places: readonly Place[];
  saved: MeanInterval;
  bits: MeanInterval;
  /** How much more is saved than by the baseline with the same seed. */
  savedMore: MeanInterval;
  /** How many bits more are told than by the baseline with the same seed. */
  bitsMore: MeanInterval;
  /** Bits that the Hamming weight of the outputs tells at least; undefined where it was not looked at. */
  hammingBits?: MeanInterval;
  /** Share of the test points guessed right by the network. */
  accuracy: MeanInterval;
  /** How much more accurate it is than the baseline with the same seed. */
  accuracyMore: MeanInterval;
}

/** What one network saves and tells, and how well it guesses. */
export interface Place {
  saved: number;
  bits: number;
  accuracy: number;
}

/** Name of the family of plain ReLU on devices that pad. */
const PADDING = "padding";

/** Trains all designs on the same seeds; plain ReLU comes first, and on devices that pad last. */
export async function measureFrontier(parameters: SideChannelParameters, run: Runner): Promise<Tradeoff[]> {
  const designs = designFamilies(parameters).flatMap(({ name: family, designs: own, baseline = RELU }) =>
    own.map((design) => ({ ...design, family, baseline })),
  );
  const changes = Object.fromEntries(designs.map(({ name, change }) => [name, change]));
  const variations = await sideChannelVariations(parameters, changes, run);
  const [relu] = variations;
  const placesOf = new Map(variations.map(({ name, results }) => [name, results.map(placeOf)]));
  const trained = variations.map(({ name, results }, i) => {
    const { family, baseline } = designs[i];
    return {
      name,
      family,
      ...compare(results.map(placeOf), baseline, placesOf.get(baseline) as Place[]),
      hammingBits: meanInterval(
        results.map(({ hammingWeight }) => hammingWeight.bits),
        [0, 1],
      ),
    };
  });
  return [...trained, ...paddingTradeoffs(relu)];
}

function placeOf({ saved, count: { bits }, testAccuracy: accuracy }: SideChannelResult): Place {
  return { saved, bits, accuracy };
}

/** Plain ReLU on devices that pad, up to the one that skips nothing at all. */
function paddingTradeoffs({ results }: SideChannelVariation): Tradeoff[] {
  const last = results[0].paddings.length - 1;
  return results[0].paddings.slice(1).map(({ atLeast }, i) => ({
    name: i + 1 === last ? "dense, nothing skipped" : `at least ${atLeast}`,
    family: PADDING,
    ...compare(
      results.map(({ paddings, testAccuracy: accuracy }) => ({ ...paddings[i + 1], accuracy })),
      RELU,
      results.map(placeOf),
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

/** Bits below which a design counts as tight: a single trace then hardly beats a coin. */
export const TIGHT_BITS = 0.05;

/** Loss of accuracy that an efficient design may cost. */
export const AFFORDABLE = 0.02;

/** The designs that were trained, and not as a baseline of others. */
function rivals(tradeoffs: readonly Tradeoff[]): Tradeoff[] {
  return tradeoffs.filter(({ name, family, baseline }) => name !== baseline && family !== PADDING);
}

/** A design, and whether it does better than its baseline at all that counts. */
export interface FreeLunch {
  design: Tradeoff;
  /** That it saves more and tells less, at an accuracy that is no worse by 2 points. */
  finding: Finding;
}

/** The designs, those first that most surely save more and tell less than their baseline with the same seeds. */
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
 * Whether those designs that save more tell more: for each seed, the rank correlation between the two over the designs
 * trained in the same batches as plain ReLU. Devices that pad are left out, which save less and tell less of the same
 * network by construction. Seeds in which nothing varies are left out.
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

/** The designs than which no other both saves more and leaks less: the frontier, from the thriftiest on. */
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

/**
 * The same network without its batch normalization; see `foldedBatchNorm`.
 *
 * @throws RangeError when a layer is normalized in another way
 */
export function foldBatchNormalization(network: Network): Network {
  if (network.layers.some(({ kind }) => kind === "layer-norm")) {
    throw new RangeError('network must have no normalization but "batch" to be folded, got one with "layer"');
  }
  const folded = withDense(network, blocksOf(network).map(foldedBatchNorm));
  return { layers: folded.layers.filter(({ kind }) => kind !== "batch-norm") };
}

/**
 * Points to run for one time, so that the clock, which ticks in nanoseconds and takes dozens to read, sees
 * some microseconds; fewer of a larger network.
 */
export function timingBatch(network: Network): number {
  return Math.max(1, Math.round(3000 / denseWork(network)));
}

/** A size of batch that normalization over batches can use, near the one asked for; "full" where none but that can. */
export function normalizableBatch({ batchSize, trainPoints }: SideChannelParameters): number | "full" {
  const fits = (size: number): boolean => size >= 2 && trainPoints % size !== 1;
  if (batchSize === "full" || batchSize >= trainPoints) return "full";
  const sizes = Array.from({ length: trainPoints }, (_, i) => Math.max(batchSize, 10) + i);
  return fits(batchSize) ? batchSize : (sizes.find((size) => size < trainPoints && fits(size)) ?? "full");
}
