/** Notebook 03: what a majority answers, and how many votes can turn before it answers otherwise. */

/** The answer of a vote at one place. */
export interface Answer {
  /** Whether most vote for Blue, class 1; a tie goes to Red, class 0. */
  isBlue: boolean;
  /** Number of votes that can turn, whichever they are, without changing the answer. */
  certified: number;
}

/**
 * The answer c of a vote and its certificate, ⌊(n_c - (n_c' + [c' < c])) / 2⌋ with n_c votes for the answer and n_c' for the
 * other class: a turned vote narrows the margin by two, and the smaller class wins a tie (Levine and Feizi 2021, the
 * certificate of DPA and SS-DPA, as `certify.py` of their code computes it). Where a lie turns at most one vote, as many lies cannot change the answer.
 *
 * @param blue - votes for class 1
 * @param voters - all votes
 */
export function answerOf(blue: number, voters: number): Answer {
  const red = voters - blue;
  const isBlue = blue > red;
  return { isBlue, certified: Math.floor((isBlue ? blue - (red + 1) : red - blue) / 2) };
}

/**
 * The answers at many places.
 *
 * @param votes - for each voter, whether it says Blue at each place
 */
export function answersOf(votes: readonly (readonly boolean[])[]): Answer[] {
  return Array.from(blueVotes(votes), (blue) => answerOf(blue, votes.length));
}

/** The number of votes for Blue at each place. */
export function blueVotes(votes: readonly (readonly boolean[])[]): Uint32Array {
  const blue = new Uint32Array(votes[0].length);
  for (const own of votes) for (const [x, isBlue] of own.entries()) if (isBlue) blue[x]++;
  return blue;
}
