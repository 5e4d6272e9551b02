/**
 * Notebook 03: how many flipped labels it takes at least to change the answer of a vote, and what the vote costs. The
 * certificate knows only the votes: it allows that any one lie turns any one of them.
 */
import { type Measurement, measurement } from "../measurement.js";
import { drawTask, type TaskParameters } from "../task.js";
import { type AttackResult, attackVote } from "./certificate-attack.js";
import { guesses, measuredPlane } from "./damage.js";
import { dealOut, votersOf } from "./partition.js";
import { type Answer, answersOf } from "./vote.js";

/** A seed, and the number of parts. */
export interface CertificatePoint extends TaskParameters {
  parts: number;
  /** Labels to flip in the attacks on the vote; without it there are none. */
  flips?: number;
}

/** How many places have an answer that 0, 1, 2 … flips cannot change, but one more might. */
export type ByCertificate = number[];

/** The vote of one seed. */
export interface CertificateResult {
  /** Test points with the right answer. */
  right: ByCertificate;
  /** Test points with the wrong one. */
  wrong: ByCertificate;
  /** Points of the measured plane among the data. */
  data: ByCertificate;
  /** Points of the measured plane in the void. */
  inVoid: ByCertificate;
  attack?: AttackResult;
}

/** Trains the parts on true labels, certifies their vote, and attacks it. */
export const measureCertificate: Measurement<[point: CertificatePoint], CertificateResult> = measurement(
  function* ({ parts, flips, ...parameters }) {
    const { data } = drawTask(parameters);
    const dealt = dealOut(data.train, parts);
    const voters = yield* votersOf.steps(parameters, data.train, dealt);
    const plane = measuredPlane(data.train);
    const truth = data.test.labels.to1DArray().map((label) => label === 1);
    const votes = voters.map((voter) => guesses(voter, data.test.points));
    const answers = answersOf(votes);
    const onPlane = answersOf(voters.map((voter) => guesses(voter, plane.points)));
    return {
      right: byCertificate(answers.filter(({ isBlue }, i) => isBlue === truth[i])),
      wrong: byCertificate(answers.filter(({ isBlue }, i) => isBlue !== truth[i])),
      data: byCertificate(onPlane.filter((_, i) => !plane.isVoid[i])),
      inVoid: byCertificate(onPlane.filter((_, i) => plane.isVoid[i])),
      ...(flips !== undefined && {
        attack: yield* attackVote.steps({ ...parameters, flips }, data, dealt, votes),
      }),
    };
  },
);

function byCertificate(answers: readonly Answer[]): ByCertificate {
  const counts: number[] = [];
  for (const { certified } of answers) {
    while (counts.length <= certified) counts.push(0);
    counts[certified]++;
  }
  return counts;
}

/** Numbers of parts to compare, beside that of the attack on show. */
const PARTS: readonly number[] = [1, 5, 25, 51];

/** The fewest parts whose vote can be certified against so many lies, 2 flips + 1; no more than there are points. */
export function fewestParts({ flips, trainPoints }: { flips: number; trainPoints: number }): number {
  return Math.min(2 * flips + 1, trainPoints);
}

/** A seed with every number of parts; the vote of the fewest that withstand the attack is attacked. */
export function certificatePoints(own: TaskParameters & { flips: number }): CertificatePoint[] {
  const { flips, ...parameters } = own;
  const fewest = fewestParts(own);
  const all = [...new Set([...PARTS, fewest])].filter((parts) => parts <= own.trainPoints);
  return all
    .sort((a, b) => a - b)
    .map((parts) => ({ ...parameters, parts, ...(parts === fewest && flips > 0 && { flips }) }));
}

/** The votes of a number of parts, over the seeds. */
export interface PartsResult {
  parts: number;
  results: CertificateResult[];
}

/** Share of the places that so many flips cannot change. */
export function shareAgainst(flips: number, certified: ByCertificate, places: number): number {
  return sumOf(certified.slice(flips)) / places;
}

/** Number of places. */
export function sumOf(counts: ByCertificate): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Share of the test points that are answered right whichever labels are flipped, so many of them. */
export function rightAgainst(flips: number, { right, wrong }: CertificateResult): number {
  return shareAgainst(flips, right, sumOf(right) + sumOf(wrong));
}
