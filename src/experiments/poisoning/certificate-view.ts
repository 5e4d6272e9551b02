/** Notebook 03: a vote and its certificate on the plane. */
import type { Dataset } from "../../core/moons.js";
import { gridOfValues, type PlaneGrid, planePoints } from "../plane.js";
import { drawTask } from "../task.js";
import { fewestParts } from "./certificate.js";
import { guesses, measuredPlane } from "./damage.js";
import { dealOut, votersOf } from "./partition.js";
import type { PoisoningParameters } from "./poisoning.js";
import { type Answer, answersOf, blueVotes } from "./vote.js";

/** A vote, ready to be drawn. */
export interface CertificateView {
  seed: number;
  parts: number;
  /** Lies that the attack on show tells. */
  flips: number;
  /** Share of the votes for Blue. */
  blue: PlaneGrid;
  /** Lies that cannot change the answer, on the same grid. */
  certified: PlaneGrid;
  train: Dataset;
  test: Dataset;
  /** The answer at each test point. */
  answers: Answer[];
}

/**
 * Trains the fewest parts that can withstand the attack on show, on true labels, and looks at their vote over the measured plane.
 *
 * @param resolution - points along each side of the grid
 */
export function viewCertificate(parameters: PoisoningParameters, resolution: number): CertificateView {
  const { data } = drawTask(parameters);
  const parts = fewestParts(parameters);
  const voters = votersOf(parameters, data.train, dealOut(data.train, parts));
  const { area } = measuredPlane(data.train);
  const onPlane = voters.map((voter) => guesses(voter, planePoints(area, resolution)));
  const grid = (values: Iterable<number>): PlaneGrid => gridOfValues(area, resolution, [...values]);
  return {
    seed: parameters.seed,
    parts,
    flips: parameters.flips,
    blue: grid(Array.from(blueVotes(onPlane), (count) => count / parts)),
    certified: grid(answersOf(onPlane).map(({ certified }) => certified)),
    train: data.train,
    test: data.test,
    answers: answersOf(voters.map((voter) => guesses(voter, data.test.points))),
  };
}
