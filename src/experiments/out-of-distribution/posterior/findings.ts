/** What was found of the posterior over the seeds, and which seeds may speak for it. */
import { gridOfValues } from "../../plane.js";
import type { TaskParameters } from "../../task.js";
import { weightCount } from "../../weight-count.js";
import type { DefenceMap } from "../defences.js";
import { type DefenceResult, type DefenceSummary, summariseDefence } from "../judging.js";
import { voidArea } from "../out-of-distribution.js";
import type { OutOfDistributionParameters } from "../parameters.js";
import {
  ANSWERERS,
  type Answerer,
  type AnswerResult,
  type FoundTop,
  MAP_CELLS,
  type PosteriorPart,
  type Sampling,
} from "./posterior.js";

/** What chains must show to count as the posterior: the bars of Vehtari et al. 2021, and no divergent path. */
export const TRUSTED = { rHat: 1.01, effective: 400 } as const;

/** Parameters times training points beyond which nothing is sampled: a few times those of the notebook, and as much time. */
const MOST_WORK = 50_000;

/** What was found with one seed. */
export interface PosteriorResult {
  seed: number;
  top: FoundTop;
  sampling: Sampling;
  /** In the order of {@link ANSWERERS}. */
  answers: AnswerResult[];
  /** Of the few seeds whose plane was mapped; see `PosteriorPart`. In the order of {@link ANSWERERS}. */
  maps?: number[][];
}

/** The findings of the study. */
export interface PosteriorFindings {
  /** All seeds; none where there is too much to sample. */
  results: PosteriorResult[];
  /** Those whose chains pass: see {@link TRUSTED}. */
  trusted: PosteriorResult[];
  /** The trusted ones, judged as every defence is, without the first of {@link ANSWERERS}. */
  summaries: DefenceSummary<Answerer>[];
}

/** Whether the posterior can be sampled in seconds. */
export function canSample({ hiddenLayers, trainPoints }: TaskParameters): boolean {
  return weightCount({ hiddenLayers }) * trainPoints <= MOST_WORK;
}

/**
 * Sums up the rows of the study.
 *
 * @param rows - for each seed the two parts, first the approximations; or none
 */
export function posteriorFindings(rows: readonly (readonly PosteriorPart[])[]): PosteriorFindings {
  const results = rows.flatMap(wholeOf);
  const trusted = results.filter(isTrusted);
  const of = (k: number): DefenceResult[] => trusted.map(({ answers }) => answers[k].judged);
  return {
    results,
    trusted,
    summaries:
      trusted.length === 0 ? [] : ANSWERERS.map((name, k) => summariseDefence(name, of(k), of(0))).slice(1),
  };
}

function wholeOf(parts: readonly PosteriorPart[]): PosteriorResult[] {
  const [approximated, drawn] = parts;
  if (!approximated?.top || !drawn?.sampling) return [];
  const maps = [approximated, drawn].flatMap((part) => part.maps ?? []);
  return [
    {
      seed: approximated.seed,
      top: approximated.top,
      sampling: drawn.sampling,
      answers: [...approximated.answers, ...drawn.answers],
      ...(maps.length > 0 && { maps }),
    },
  ];
}

function isTrusted({ sampling: { rHat, effective, divergences } }: PosteriorResult): boolean {
  return (
    rHat.every((value) => value < TRUSTED.rHat) &&
    effective.every((count) => count >= TRUSTED.effective) &&
    divergences === 0
  );
}

/** The maps of the one seed that was mapped, without the first of {@link ANSWERERS}; none where there are none. */
export function posteriorMaps(
  { results }: PosteriorFindings,
  { point }: Pick<OutOfDistributionParameters, "point">,
): { seed: number; maps: DefenceMap[] } {
  const area = voidArea(point);
  const mapped = results.find(({ maps }) => maps !== undefined);
  const maps = ANSWERERS.map((name, k) => ({
    name,
    mayRefuse: false,
    probability: gridOfValues(area, MAP_CELLS, mapped?.maps?.[k] ?? []),
    refused: gridOfValues(area, MAP_CELLS, new Array<number>(MAP_CELLS * MAP_CELLS).fill(0)),
  }));
  return { seed: mapped?.seed ?? Number.NaN, maps: mapped ? maps.slice(1) : [] };
}
