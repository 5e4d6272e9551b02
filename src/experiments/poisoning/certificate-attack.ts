/**
 * Notebook 03: attacks on a vote that know everything: the points, the parts, the seeds, the test points. They show that the
 * certificate holds, and how much of it is caution.
 */
import type { Dataset, Split } from "../../core/moons.js";
import { powerOfTwo } from "../../core/powers.js";
import { type Measurement, measurement, type Steps, together } from "../measurement.js";
import type { TaskParameters } from "../task.js";
import { attackedPoints, flipLabels } from "./attacks.js";
import { guesses } from "./damage.js";
import { greedyFlips } from "./greedy.js";
import { voterOf } from "./partition.js";
import { type Answer, answerOf, answersOf, blueVotes } from "./vote.js";

/** What lies do to the answers of a vote on the test points. */
export interface VoteDamage {
  /** Answers that change. */
  changed: number;
  /** Of these, how many were certified against so many lies: none, if the certificate is right. */
  refuted: number;
  /** Accuracy before minus after. */
  accuracyDrop: number;
}

/** The attacks on one vote. */
export interface AttackResult {
  /** A point and its neighbours, as against a single network. */
  cluster: VoteDamage;
  /** The worst lies, found one by one. */
  greedy: VoteDamage;
  /** Test points whose answer can be changed with one lie more than the certificate allows: there it is exact. */
  exact: number;
}

/** What each of the parts says at each test point. */
type Votes = readonly (readonly boolean[])[];

/**
 * Attacks a vote in three ways: with a cluster of lies; with those that a greedy search finds, every label tried at each step,
 * to make most answers on the test points wrong; and at each test point by itself, with one lie in every part that a single
 * lie can turn, all single lies tried.
 *
 * @param data - with the true labels
 * @param dealt - the parts, see `dealOut`
 * @param votes - of the parts trained on the true labels
 */
export const attackVote: Measurement<
  [
    parameters: TaskParameters & { flips: number },
    data: Split,
    dealt: readonly (readonly number[])[],
    votes: Votes,
  ],
  AttackResult
> = measurement(function* ({ flips, ...parameters }, { train, test }, dealt, votes) {
  const truth = test.labels.to1DArray().map((label) => label === 1);
  const before = answersOf(votes);
  const after = lying(parameters, train, test, dealt, votes);
  const single = yield* after(train.labels.to1DArray().map((_, i) => [i]));
  const weak = before.map(
    ({ isBlue }, x) =>
      dealt.filter((own, part) => votes[part][x] === isBlue && own.some((i) => single[i][part][x] !== isBlue))
        .length,
  );
  const all = dealt.flat();
  const found = yield* greedyFlips(all, flips, function* (sets): Steps<number[]> {
    return (yield* after(sets)).map((own) => harmTo(own, truth));
  });
  const cluster = attackedPoints(train, { attack: "cluster", flips, seed: parameters.seed });
  const [clustered, worst] = (yield* after([cluster, found])).map((own) =>
    damageTo(before, answersOf(own), truth, flips),
  );
  return {
    cluster: clustered,
    greedy: worst,
    exact: before.filter(({ certified }, x) => weak[x] > certified).length,
  };
});

/**
 * The votes of all parts after each of several sets of lies. Only parts with lies in them are trained, and those once for the same
 * lies.
 */
function lying(
  parameters: TaskParameters,
  train: Dataset,
  { points }: Pick<Dataset, "points">,
  dealt: readonly (readonly number[])[],
  votes: Votes,
): (sets: readonly (readonly number[])[]) => Steps<Votes[]> {
  const partOf: number[] = [];
  for (const [part, own] of dealt.entries()) for (const i of own) partOf[i] = part;
  const known = new Map<string, readonly boolean[]>();
  const nameOf = (lies: readonly number[]): string => [...lies].sort((a, b) => a - b).join();
  const inPart = (set: readonly number[], part: number): number[] => set.filter((i) => partOf[i] === part);
  return function* (sets) {
    const wanted = new Map<string, { part: number; lies: number[] }>();
    for (const set of sets) {
      for (const part of new Set(set.map((i) => partOf[i]))) {
        const lies = inPart(set, part);
        if (!known.has(nameOf(lies))) wanted.set(nameOf(lies), { part, lies });
      }
    }
    const voters = yield* together(
      [...wanted.values()].map(({ part, lies }) =>
        voterOf.steps(parameters, flipLabels(train, lies), part, dealt[part]),
      ),
    );
    for (const [k, name] of [...wanted.keys()].entries()) known.set(name, guesses(voters[k], points));
    return sets.map((set) => votes.map((own, part) => known.get(nameOf(inPart(set, part))) ?? own));
  };
}

/**
 * The harm of lies, for a search: a wrong answer counts 1, and a right one half as much for each vote that is still to be turned,
 * so that lies count that prepare for others.
 */
function harmTo(votes: Votes, truth: readonly boolean[]): number {
  const blue = blueVotes(votes);
  let harm = 0;
  for (const [x, wanted] of truth.entries()) {
    const { isBlue, certified } = answerOf(blue[x], votes.length);
    // less than the least number is none
    harm += isBlue === wanted ? powerOfTwo(Math.max(-1074, -1 - certified)) : 1;
  }
  return harm;
}

/**
 * Compares the answers at the test points before and after some lies.
 *
 * @param truth - whether each test point is Blue
 * @param flips - number of lies
 */
export function damageTo(
  before: readonly Answer[],
  after: readonly Answer[],
  truth: readonly boolean[],
  flips: number,
): VoteDamage {
  const changed = before.filter(({ isBlue }, x) => after[x].isBlue !== isBlue);
  const right = (answers: readonly Answer[]): number =>
    answers.filter(({ isBlue }, x) => isBlue === truth[x]).length;
  return {
    changed: changed.length,
    refuted: changed.filter(({ certified }) => certified >= flips).length,
    accuracyDrop: (right(before) - right(after)) / truth.length,
  };
}
