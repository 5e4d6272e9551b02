/**
 * Efficiency against leakage: designs of the network or of the device that runs it, what each saves and what
 * each gives away. And normalization, with why it does to the leak what it does.
 */
import { Matrix } from "ml-matrix";
import type { Network } from "../../network/architecture.js";
import { EPSILON } from "../../network/normalization.js";
import { type MeanInterval, meanInterval } from "../../statistics.js";
import type { Runner } from "../runner.js";
import { denseWork } from "./leakage.js";
import {
  type SideChannelParameters,
  type SideChannelVariation,
  sideChannelVariations,
} from "./side-channel.js";

/** Designs that differ by the strength of one thing, in the order of that strength. */
export interface DesignFamily {
  name: string;
  designs: { name: string; change: Partial<SideChannelParameters> }[];
}

/** Points in a batch where the classes are balanced batch by batch: enough that none lacks a class. */
const BALANCED_BATCH = 25;

/** The designs that are compared; the first family is the network as it stands. */
export function designFamilies({
  hiddenLayers,
}: Pick<SideChannelParameters, "hiddenLayers">): DesignFamily[] {
  const widest = Math.max(1, ...hiddenLayers);
  const winners = [...new Set([2, 3, 5].map((tenths) => Math.max(1, Math.round((widest * tenths) / 10))))];
  const scaled = (factor: number): number[] =>
    hiddenLayers.map((width) => Math.min(1024, Math.max(1, Math.round(width * factor))));
  const design = (name: string, change: Partial<SideChannelParameters>): DesignFamily["designs"][number] => ({
    name,
    change,
  });
  return [
    { name: "ReLU", designs: [design("ReLU", {})] },
    {
      name: "activations that are never 0",
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
      designs: winners.map((k) => design(`${k} ${k === 1 ? "winner" : "winners"}`, { winners: k })),
    },
    {
      name: "balance penalty",
      designs: [0.01, 0.1].map((balancePenalty) =>
        design(`balance, μ = ${balancePenalty}`, { batchSize: BALANCED_BATCH, balancePenalty }),
      ),
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
  /** Share of the multiply-accumulates saved. */
  saved: MeanInterval;
  /** Bits that the active count tells. */
  bits: MeanInterval;
  /** How much more is saved than by plain ReLU with the same seed. */
  savedMore: MeanInterval;
  /** How many bits more are told than by plain ReLU with the same seed. */
  bitsMore: MeanInterval;
  /** Bits that the Hamming weight of the outputs tells at least; undefined where it was not looked at. */
  hammingBits?: MeanInterval;
  /** Share of the test points guessed right by the network. */
  accuracy: MeanInterval;
}

/** Trains all designs on the same seeds; plain ReLU comes first, and on devices that pad last. */
export async function measureFrontier(parameters: SideChannelParameters, run: Runner): Promise<Tradeoff[]> {
  const designs = designFamilies(parameters).flatMap((family) =>
    family.designs.map((design) => ({ ...design, family: family.name })),
  );
  const changes = Object.fromEntries(designs.map(({ name, change }) => [name, change]));
  const variations = await sideChannelVariations(parameters, changes, run);
  const [relu] = variations;
  const trained = variations.map((variation, i) => tradeoffOf(variation, designs[i].family, relu));
  return [...trained, ...paddingTradeoffs(relu)];
}

/**
 * A design's place from the results of its seeds.
 *
 * @param relu - plain ReLU with the same seeds
 */
export function tradeoffOf(
  { name, results }: SideChannelVariation,
  family: string,
  relu: SideChannelVariation,
): Tradeoff {
  const places = results.map(({ saved, count: { bits } }) => ({ saved, bits }));
  return {
    name,
    family,
    ...placeOf(places, relu),
    hammingBits: meanInterval(results.map(({ hammingWeight }) => hammingWeight.bits)),
    accuracy: meanInterval(results.map(({ testAccuracy }) => testAccuracy)),
  };
}

/** Plain ReLU on devices that pad, up to the one that skips nothing at all. */
export function paddingTradeoffs(relu: SideChannelVariation): Tradeoff[] {
  const { results } = relu;
  const last = results[0].paddings.length - 1;
  return results[0].paddings.slice(1).map(({ atLeast }, i) => ({
    name: i + 1 === last ? "dense, nothing skipped" : `at least ${atLeast}`,
    family: "padding",
    ...placeOf(
      results.map(({ paddings }) => paddings[i + 1]),
      relu,
    ),
    accuracy: meanInterval(results.map(({ testAccuracy }) => testAccuracy)),
  }));
}

function placeOf(
  places: readonly { saved: number; bits: number }[],
  { results }: SideChannelVariation,
): Pick<Tradeoff, "saved" | "bits" | "savedMore" | "bitsMore"> {
  return {
    saved: meanInterval(places.map(({ saved }) => saved)),
    bits: meanInterval(places.map(({ bits }) => bits)),
    savedMore: meanInterval(places.map(({ saved }, i) => saved - results[i].saved)),
    bitsMore: meanInterval(places.map(({ bits }, i) => bits - results[i].count.bits)),
  };
}

/** Bits below which a design counts as tight: a single trace then hardly beats a coin. */
export const TIGHT_BITS = 0.05;

/** Loss of accuracy that an efficient design may cost. */
const AFFORDABLE = 0.02;

/**
 * Designs that save more than plain ReLU and leak less, both beyond doubt when compared seed by seed, at an
 * accuracy that is no worse by more than 2 points; those that leak least come first.
 *
 * @param tradeoffs - the first of them plain ReLU
 */
export function freeLunches(tradeoffs: readonly Tradeoff[]): Tradeoff[] {
  const [relu] = tradeoffs;
  return tradeoffs
    .filter(
      ({ savedMore, bitsMore, accuracy }) =>
        savedMore.low > 0 && bitsMore.high < 0 && accuracy.mean >= relu.accuracy.mean - AFFORDABLE,
    )
    .sort((a, b) => a.bits.mean - b.bits.mean);
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
 * The same network without its batch normalization. When a network is only used, μ and s are fixed numbers,
 * so that
 *
 *     γ (x w + b - μ) / s + β = x (γ/s w) + (γ/s (b - μ) + β):
 *
 * a neuron with other weights and another bias, and no new kind of network at all.
 *
 * @throws RangeError when a layer is normalized in another way
 */
export function foldBatchNormalization({ layers }: Network): Network {
  return {
    layers: layers.map(({ normalization, ...layer }) => {
      if (normalization === undefined) return layer;
      if (normalization.kind !== "batch") {
        throw new RangeError(`normalization must be "batch" to be folded, got "${normalization.kind}"`);
      }
      const { gains, shifts, means, variances } = normalization;
      const weights = layer.weights.clone();
      const biases = new Matrix(1, weights.columns);
      for (let j = 0; j < weights.columns; j++) {
        const factor = gains.get(0, j) / Math.sqrt(variances.get(0, j) + EPSILON);
        weights.mulColumn(j, factor);
        biases.set(0, j, factor * (layer.biases.get(0, j) - means.get(0, j)) + shifts.get(0, j));
      }
      return { ...layer, weights, biases };
    }),
  };
}

/**
 * Points to run for one time, so that the clock, which ticks in nanoseconds and takes dozens to read, sees
 * some microseconds; fewer of a larger network.
 */
export function timingBatch(network: Network): number {
  return Math.max(1, Math.round(3000 / denseWork(network)));
}

/** A size of batch that normalization over batches can use, near the one asked for. */
export function normalizableBatch({ batchSize, trainPoints }: SideChannelParameters): number | "full" {
  const fits = (size: number): boolean => size >= 2 && trainPoints % size !== 1;
  if (batchSize === "full" || batchSize >= trainPoints) return "full";
  const sizes = Array.from({ length: trainPoints }, (_, i) => Math.max(batchSize, 10) + i);
  return fits(batchSize) ? batchSize : (sizes.find((size) => size < trainPoints && fits(size)) ?? "full");
}
