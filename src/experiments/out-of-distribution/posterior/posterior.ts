/**
 * What the posterior says of the void. Four answers of growing honesty face the same points as all defences: the top of the
 * posterior alone (the maximum a posteriori, MAP); the approximation of Laplace around it, with the last layer uncertain, or
 * all; and draws from the posterior itself.
 */
import { Matrix } from "ml-matrix";
import { logitLandscape } from "../../../core/network/landscape.js";
import { denseLayers, type Network, parameterCount, withParameters } from "../../../core/network/network.js";
import { randomStream } from "../../../core/random.js";
import { type Measurement, measurement, type Steps } from "../../measurement.js";
import { planePoints } from "../../plane.js";
import { drawTask, taskSteps } from "../../task.js";
import { doubt, isCertain, probabilityOf } from "../confidence.js";
import { ensembleAnswers } from "../ensemble.js";
import {
  byConfidence,
  type Defence,
  type DefenceResult,
  drawPointSets,
  judgeDefence,
  onceEach,
} from "../judging.js";
import { DIRECTIONS, voidArea } from "../out-of-distribution.js";
import type { OutOfDistributionParameters } from "../parameters.js";
import { along, logitsAt, MIDDLE, type Point, raysAround, rayThrough } from "../rays.js";
import { climb } from "./climb.js";
import { exactPrecision, gaussNewtonPrecision, PRIOR_SD, posteriorOf } from "./density.js";
import { effectiveSamples, rHat } from "./diagnostics.js";
import { type Chain, hamiltonianMonteCarlo } from "./hamiltonian.js";
import { isPositiveDefinite, moderated, type Variances, variancesBy } from "./laplace.js";
import { pointsOnLines } from "./ridge.js";

/** Who answers; the first is the network trained as everywhere, for comparison. */
export const ANSWERERS = [
  "none",
  "MAP",
  "Laplace, last layer",
  "Laplace, all layers",
  "Monte Carlo",
] as const;

/** The name of one who answers. */
export type Answerer = (typeof ANSWERERS)[number];

/** Radii at which directions are asked, in moon radii from the middle of the moons. */
export const FAR_RADII: readonly number[] = [1, 3, 10, 30, 100, 300, 1000];

/** Chains, each from a place drawn from the prior. */
export const CHAINS = 4;

/** Draws by which a chain finds its step size and forgets its start. */
const WARM_UP = 300;

/** Draws of a chain that count. */
export const DRAWS = 400;

/** Each path is followed for about a quarter of the period of a ball that only the prior holds. */
const PATH = (Math.PI / 2) * PRIOR_SD;

/** Every so many draws one answers. */
const EVERY = 4;

/** Cells along each side of a map. */
export const MAP_CELLS = 24;

/** What is known of the top of a posterior. */
export interface FoundTop {
  /** The length of the gradient there; see `Top`. */
  slope: number;
  /** By how much the heights of the tops that were climbed differ, in nats. */
  spread: number;
  /** Training points on a neuron's line; see `pointsOnLines`. */
  onLines: number;
  /** Whether minus the Hessian is positive definite, as at a smooth top; if not, Gauss and Newton's matrix stands in. */
  isExact: boolean;
}

/** The network as trained everywhere, the top of its posterior, and Laplace's approximations there. */
function* approximatePosterior(
  parameters: OutOfDistributionParameters,
): Steps<{ answerers: Defence<Answerer>[]; top: FoundTop }> {
  const watch = { recordEvery: Math.max(1, parameters.epochs) };
  const { data, initial, training } = yield* taskSteps(parameters, watch);
  const density = posteriorOf(initial, data.train);
  const tops = startsOf(parameters, initial).map((start) => climb(density, start));
  const heights = tops.map(({ height }) => height);
  const { place, slope } = tops[heights.indexOf(Math.max(...heights))];
  const map = withParameters(initial, place);
  const exact = exactPrecision(map, data.train);
  const gaussNewton = gaussNewtonPrecision(map, data.train);
  const isExact = exact !== undefined && isPositiveDefinite(exact);
  const first = firstOfLastLayer(initial);
  // on fixed features the logit is linear, so that both matrices have this block in common
  const end = gaussNewton.rows - 1;
  const last = variancesBy(gaussNewton.subMatrix(first, end, first, end));
  const all = variancesBy(isExact ? exact : gaussNewton);
  const linear = onceEach((points): Linearized => {
    const { logits, gradients } = logitLandscape(map, points);
    return { logits: [...logits(place)], gradients: gradients(place) };
  });
  return {
    answerers: [
      byConfidence("none", (points) => logitsAt(training.network, points)),
      byConfidence("MAP", (points) => linear(points).logits),
      byConfidence("Laplace, last layer", (points) => moderatedAll(linear(points), last, first)),
      byConfidence("Laplace, all layers", (points) => moderatedAll(linear(points), all, 0)),
    ],
    top: {
      slope,
      spread: Math.max(...heights) - Math.min(...heights),
      onLines: pointsOnLines(map, data.train),
      isExact,
    },
  };
}

/** Draws from the posterior by several chains. */
function samplePosterior(parameters: OutOfDistributionParameters): {
  answerers: Defence<Answerer>[];
  sampling: Sampling;
} {
  const { data, initial } = drawTask(parameters);
  const density = posteriorOf(initial, data.train);
  const chains = startsOf(parameters, initial).map((start, c) =>
    hamiltonianMonteCarlo({
      ...density,
      start,
      warmUp: WARM_UP,
      draws: DRAWS,
      pathLength: PATH,
      random: randomStream(`posterior/chain ${c}`, parameters.seed),
    }),
  );
  const drawn = chains.flatMap(({ draws }) => draws.filter((_, i) => i % EVERY === 0));
  return {
    answerers: [byConfidence("Monte Carlo", (points) => meanAnswers(initial, drawn, points))],
    sampling: samplingOf(initial, chains, parameters.point),
  };
}

/** Where climbs and chains start: places drawn from the prior. */
function startsOf({ seed }: OutOfDistributionParameters, network: Network): Float64Array[] {
  const random = randomStream("posterior/starts", seed);
  return Array.from({ length: CHAINS }, () =>
    Float64Array.from({ length: parameterCount(network) }, () => PRIOR_SD * random.normal()),
  );
}

/** The network as a linear function of its parameters, near its own: logits, and their derivatives, n x parameters. */
interface Linearized {
  logits: number[];
  gradients: Matrix;
}

/**
 * The answers when the parameters from `first` on are normal and the logit is linear in them (Immer, Korzepa and Bauer 2021,
 * Improving predictions of Bayesian neural nets via local linearization; for the last layer nothing is left out).
 */
function moderatedAll({ logits, gradients }: Linearized, variancesOf: Variances, first: number): number[] {
  const variances = variancesOf(gradients.subMatrix(0, gradients.rows - 1, first, gradients.columns - 1));
  return logits.map((z, i) => moderated(z, variances[i]));
}

/** The logit of the mean probability over drawn parameters. */
function meanAnswers(network: Network, drawn: readonly Float64Array[], points: Matrix): number[] {
  const { logits } = logitLandscape(network, points);
  return ensembleAnswers(drawn.map((place) => logits(place))).map(({ logit }) => logit);
}

/** Index of the first parameter of the last layer. */
function firstOfLastLayer(network: Network): number {
  const dense = denseLayers(network);
  const { weights, biases } = dense[dense.length - 1].parameters;
  return parameterCount(network) - weights.size - biases.size;
}

/** One answer, far and near. */
export interface AnswerResult {
  /** The logit at the point of the claim. */
  pointLogit: number;
  /** At each of the {@link FAR_RADII}: share of the `DIRECTIONS` in which the answer is certain. */
  certain: number[];
  /** At each of them: the mean confidence over the directions. */
  confidence: number[];
  /** As every defence. */
  judged: DefenceResult;
}

/** How the chains went. */
export interface Sampling {
  /** Of the logit at the point of the claim, in the middle of the moons, and at the last of the {@link FAR_RADII} behind the point. */
  rHat: number[];
  /** Effective samples of the same. */
  effective: number[];
  /** Divergent paths, in all chains. */
  divergences: number;
  /** Mean probability of acceptance. */
  acceptance: number;
}

/** What was found with one seed, by approximations or by draws. */
export interface PosteriorPart {
  seed: number;
  /** Of the approximations: all of {@link ANSWERERS} but the last. Of the draws: the last. */
  answers: AnswerResult[];
  /** Of the approximations. */
  top?: FoundTop;
  /** Of the draws. */
  sampling?: Sampling;
  /** Probabilities of Blue on a grid of {@link MAP_CELLS} x {@link MAP_CELLS}, row by row, by each answerer, where asked for. */
  maps?: number[][];
}

/** One half of what is measured with a seed. */
export interface PosteriorPoint extends OutOfDistributionParameters {
  /** Whether chains draw from the posterior; otherwise it is approximated. */
  isSampled: boolean;
  /** Whether the plane is mapped. */
  isMapped: boolean;
}

/** Approximates the posterior of one seed, or draws from it, and judges every answer. */
export const measurePosterior: Measurement<[point: PosteriorPoint], PosteriorPart> = measurement(function* ({
  isSampled,
  isMapped,
  ...parameters
}) {
  const { answerers, ...found } = isSampled
    ? samplePosterior(parameters)
    : yield* approximatePosterior(parameters);
  const sets = drawPointSets(parameters);
  const rays = raysAround(DIRECTIONS);
  const far = new Matrix(FAR_RADII.flatMap((radius) => rays.map((ray) => along(ray, radius))));
  const plane = planePoints(voidArea(parameters.point), MAP_CELLS);
  const mapOf = ({ answer }: Defence): number[] =>
    answer(plane).logits.map((z) => Number(probabilityOf(z).toFixed(3)));
  return {
    seed: parameters.seed,
    answers: answerers.map((answerer) => {
      const { logits } = answerer.answer(far);
      const at = FAR_RADII.map((_, k) => logits.slice(k * DIRECTIONS, (k + 1) * DIRECTIONS));
      return {
        pointLogit: answerer.answer(new Matrix([[...parameters.point]])).logits[0],
        certain: at.map((own) => own.filter(isCertain).length / DIRECTIONS),
        confidence: at.map((own) => own.reduce((sum, z) => sum + 1 - doubt(z), 0) / DIRECTIONS),
        judged: judgeDefence(answerer, sets),
      };
    }),
    ...found,
    ...(isMapped && { maps: answerers.map(mapOf) }),
  };
});

/** Whether the chains agree about the logit at named points, and how they got there. */
function samplingOf(network: Network, chains: readonly Chain[], point: Point): Sampling {
  const { ray } = rayThrough(point);
  const named = new Matrix(
    [point, MIDDLE, along(ray, FAR_RADII[FAR_RADII.length - 1])].map((place) => [...place]),
  );
  const { logits } = logitLandscape(network, named);
  const drawn = chains.map(({ draws }) => draws.map((place) => logits(place)));
  const each = Array.from({ length: named.rows }, (_, i) => drawn.map((chain) => chain.map((own) => own[i])));
  const mean = (of: (chain: Chain) => number): number =>
    chains.reduce((sum, chain) => sum + of(chain), 0) / chains.length;
  return {
    rHat: each.map(rHat),
    effective: each.map(effectiveSamples),
    divergences: chains.reduce((sum, { divergences }) => sum + divergences, 0),
    acceptance: mean(({ acceptance }) => acceptance),
  };
}
