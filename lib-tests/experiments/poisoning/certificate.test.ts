import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { certificateFigure, certifiedFigure } from "../../../src/charts/certificate.js";
import type { Dataset } from "../../../src/core/moons.js";
import { type Network, toParameters } from "../../../src/core/network/network.js";
import { gradeLines } from "../../../src/experiments/grading.js";
import { alone, together } from "../../../src/experiments/measurement.js";
import { flipLabels } from "../../../src/experiments/poisoning/attacks.js";
import {
  type CertificatePoint,
  type CertificateResult,
  certificatePoints,
  fewestParts,
  measureCertificate,
  type PartsResult,
  rightAgainst,
  shareAgainst,
  sumOf,
} from "../../../src/experiments/poisoning/certificate.js";
import {
  type AttackResult,
  attackVote,
  damageTo,
} from "../../../src/experiments/poisoning/certificate-attack.js";
import { viewCertificate } from "../../../src/experiments/poisoning/certificate-view.js";
import {
  certificateLines,
  certificateTable,
  describeCertificate,
} from "../../../src/experiments/poisoning/certificate-words.js";
import { guesses, measuredPlane } from "../../../src/experiments/poisoning/damage.js";
import { poisoning } from "../../../src/experiments/poisoning/index.js";
import { dealOut, voterOf, votersOf } from "../../../src/experiments/poisoning/partition.js";
import { measurePoisoning, runPoisoning } from "../../../src/experiments/poisoning/poisoning.js";
import { type Answer, answerOf, answersOf, blueVotes } from "../../../src/experiments/poisoning/vote.js";
import { plainLoop } from "../../../src/experiments/runner.js";
import { doStudy } from "../../../src/experiments/study.js";
import { drawTask } from "../../../src/experiments/task.js";
import { assertSound } from "../../charts/sound.js";
import { smallTask } from "../small-task.js";

const tiny = { ...smallTask, trainPoints: 12, testPoints: 60, hiddenLayers: [3], epochs: 15 };

/** All sets of at most `most` of the first `count` whole numbers, the empty one first. */
function setsUpTo(most: number, count: number, from = 0): number[][] {
  if (most === 0) return [[]];
  const rest = Array.from({ length: count - from }, (_, k) => from + k);
  return [[], ...rest.flatMap((i) => setsUpTo(most - 1, count, i + 1).map((set) => [i, ...set]))];
}

const parametersOf = (network: Network): number[] => [...toParameters(network)];

describe("the answer of a vote", () => {
  it("is that of the majority, a tie goes to Red, and the certificate is as many votes as can turn", () => {
    for (let voters = 1; voters <= 9; voters++) {
      for (let blue = 0; blue <= voters; blue++) {
        const { isBlue, certified } = answerOf(blue, voters);
        assert.equal(isBlue, blue > voters - blue);
        // every number of turned votes, either way, up to all of them
        const kept = Array.from({ length: voters + 1 }, (_, turned) => turned).filter((turned) =>
          [-1, 1].every((way) => {
            const now = Math.max(0, Math.min(voters, blue + way * turned));
            return answerOf(now, voters).isBlue === isBlue;
          }),
        );
        assert.equal(certified, kept[kept.length - 1], `${blue} of ${voters}`);
        assert.deepEqual(kept, [...kept.keys()]);
      }
    }
  });

  it("is counted place by place", () => {
    const votes = [
      [true, false, true],
      [true, false, false],
      [true, true, false],
    ];
    assert.deepEqual([...blueVotes(votes)], [3, 1, 1]);
    assert.deepEqual(answersOf(votes), [answerOf(3, 3), answerOf(1, 3), answerOf(1, 3)]);
  });
});

describe("the parts", () => {
  const points = new Matrix([
    [3, 0],
    [1, 5],
    [2, 0],
    [1, 4],
    [0, 9],
  ]);

  it("are dealt out by the first coordinate, then by the second", () => {
    assert.deepEqual(dealOut({ points }, 2), [
      [4, 1, 0],
      [3, 2],
    ]);
    assert.deepEqual(dealOut({ points }, 1), [[4, 3, 1, 2, 0]]);
    assert.deepEqual(dealOut({ points }, 7), [[4], [3], [1], [2], [0], [], []]);
  });

  it("do not depend on labels, nor on the order of the data", () => {
    const { train } = drawTask(smallTask).data;
    const placesOf = (data: Dataset): number[][][] =>
      dealOut(data, 7).map((own) => own.map((i) => data.points.getRow(i)));
    const back = Array.from({ length: 60 }, (_, i) => 59 - i);
    const turned = {
      points: new Matrix(back.map((i) => train.points.getRow(i))),
      labels: new Matrix(back.map((i) => [1 - train.labels.get(i, 0)])),
    };
    assert.deepEqual(placesOf(turned), placesOf(train));
  });
});

describe("the networks of the parts", () => {
  const { train } = drawTask(tiny).data;
  const dealt = dealOut(train, 3);
  const voters = votersOf(tiny, train, dealt);

  it("depend on nothing outside their part", () => {
    for (const [part, own] of dealt.entries()) {
      const others = dealt.flat().filter((i) => !own.includes(i));
      const moved = flipLabels({ ...train, points: train.points.clone() }, others);
      for (const i of others) moved.points.setRow(i, [9, -9]);
      assert.deepEqual(parametersOf(voterOf(tiny, moved, part, own)), parametersOf(voters[part]));
      const lied = voterOf(tiny, flipLabels(train, [own[0]]), part, own);
      assert.notDeepEqual(parametersOf(lied), parametersOf(voters[part]));
    }
  });

  it("have weights and an order of their own, for every seed", () => {
    const starts = [1, 2].flatMap((seed) =>
      [0, 1, 2].map((part) => parametersOf(voterOf({ ...tiny, seed, epochs: 0 }, train, part, [])).join()),
    );
    assert.equal(new Set(starts).size, 6);
    // part 100000 of a seed starts as part 0 of the next does, so that only the order differs
    const [one, other] = [0, 100_000].map((part) =>
      [0, 15].map((epochs) => {
        const own = { ...tiny, epochs, weightsSeed: part === 0 ? 3 : 2, orderSeed: 7 };
        return parametersOf(voterOf(own, train, part, dealt[0]));
      }),
    );
    assert.deepEqual(one[0], other[0]);
    assert.notDeepEqual(one[1], other[1]);
  });

  it("keep their initial weights without points, and learn the one class of their points", () => {
    assert.deepEqual(
      parametersOf(voterOf(tiny, train, 4, [])),
      parametersOf(voterOf({ ...tiny, epochs: 0 }, train, 4, dealt[0])),
    );
    for (const label of [0, 1]) {
      const same = { points: train.points, labels: Matrix.zeros(12, 1).add(label) };
      const voter = voterOf({ ...tiny, epochs: 200 }, same, 0, dealt[0]);
      assert.ok(guesses(voter, train.points).every((isBlue) => isBlue === (label === 1)));
      const lone = voterOf({ ...tiny, epochs: 200 }, same, 0, [5]);
      assert.equal(guesses(lone, train.points)[5], label === 1);
    }
  });
});

/** The answers of the vote at the test points after each set of lies, all parts trained again. */
function answersAfter(
  parameters: typeof tiny,
  parts: number,
  sets: readonly (readonly number[])[],
): Answer[][] {
  const { train, test } = drawTask(parameters).data;
  const told = sets.map((lies) => flipLabels(train, lies));
  const voters = alone(together(told.map((data) => votersOf.steps(parameters, data, dealOut(data, parts)))));
  return voters.map((own) => answersOf(own.map((voter) => guesses(voter, test.points))));
}

describe("the certificate, against every set of lies", () => {
  for (const { parts, trainPoints, most, isCautious } of [
    { parts: 3, trainPoints: 21, most: 2, isCautious: true },
    { parts: 5, trainPoints: 10, most: 3, isCautious: false },
  ]) {
    it(`of ${parts} parts of ${trainPoints} points: no answer changes that is certified, and some that are not do`, () => {
      const own = { ...tiny, trainPoints };
      const sets = setsUpTo(most, trainPoints);
      const answers = answersAfter(own, parts, sets);
      const before = answers[0];
      const needed = before.map(() => Number.POSITIVE_INFINITY);
      for (const [k, after] of answers.entries()) {
        for (const [x, { isBlue }] of after.entries()) {
          if (isBlue !== before[x].isBlue) needed[x] = Math.min(needed[x], sets[k].length);
        }
      }
      assert.ok(before.every(({ certified }, x) => needed[x] > certified));
      for (let k = 0; k < most; k++) {
        assert.ok(
          before.some(({ certified }, x) => certified === k && needed[x] === k + 1),
          `certified against ${k}`,
        );
      }
      // the attack finds all places where the certificate is exact, without trying sets
      const { data } = drawTask(own);
      const dealt = dealOut(data.train, parts);
      const votes = votersOf(own, data.train, dealt).map((voter) => guesses(voter, data.test.points));
      const { exact } = attackVote({ ...own, flips: 1 }, data, dealt, votes);
      assert.equal(exact, before.filter(({ certified }, x) => needed[x] === certified + 1).length);
      assert.equal(exact < before.length, isCautious);
    });
  }
});

describe("attacks on a vote", () => {
  const { data } = drawTask(tiny);
  const truth = data.test.labels.to1DArray().map((label) => label === 1);
  const rightOf = (answers: readonly Answer[]): number =>
    answers.filter(({ isBlue }, x) => isBlue === truth[x]).length;
  const singles = Array.from({ length: 12 }, (_, i) => [i]);
  const [before, ...afterOne] = answersAfter(tiny, 3, [[], ...singles]);
  const attacked = (flips: number): AttackResult => {
    const { attack: found } = measureCertificate({ ...tiny, parts: 3, flips });
    assert.ok(found);
    return found;
  };

  it("by a greedy search costs, with one lie, what the worst of all does", () => {
    const worst = Math.max(...afterOne.map((after) => rightOf(before) - rightOf(after)));
    assert.ok(worst > 0);
    const { greedy } = attacked(1);
    assert.equal(greedy.accuracyDrop, worst / 60);
    assert.equal(greedy.refuted, 0);
  });

  it("by a greedy search can cost, with two lies that need each other, what the worst pair does", () => {
    const own = { ...tiny, trainPoints: 15 };
    const [spared, ...lied] = answersAfter(own, 3, setsUpTo(2, 15));
    const worst = Math.max(...lied.map((after) => rightOf(spared) - rightOf(after)));
    const { attack: found } = measureCertificate({ ...own, parts: 3, flips: 2 });
    assert.equal(found?.greedy.accuracyDrop, worst / 60);
    assert.ok(worst > 3);
  });

  it("by a cluster changes what training again on its lies changes", () => {
    const { attack: _, ...rest } = measureCertificate({ ...tiny, parts: 3, flips: 4 });
    assert.deepEqual(measureCertificate({ ...tiny, parts: 3 }), rest, "without flips there is no attack");
    const { cluster } = attacked(4);
    const told = poisoning.parameters({ ...tiny, attack: "cluster", flips: 4 });
    const [after] = answersAfter(tiny, 3, [runPoisoning(told).attacked]);
    assert.deepEqual(cluster, {
      changed: after.filter(({ isBlue }, x) => isBlue !== before[x].isBlue).length,
      refuted: 0,
      accuracyDrop: (rightOf(before) - rightOf(after)) / 60,
    });
    assert.ok(cluster.changed > 0);
  });

  it("refute a certificate where an answer changes that was certified against so many lies", () => {
    const answers = [0, 1, 1, 0].map((certified): Answer => ({ isBlue: true, certified }));
    const after = answers.map((own, x): Answer => ({ ...own, isBlue: x === 3 }));
    const blue = [true, true, false, true];
    assert.deepEqual(damageTo(answers, after, blue, 1), { changed: 3, refuted: 2, accuracyDrop: 0.25 });
    assert.deepEqual(damageTo(answers, after, blue, 2), { changed: 3, refuted: 0, accuracyDrop: 0.25 });
    assert.deepEqual(damageTo(answers, answers, blue, 0), { changed: 0, refuted: 0, accuracyDrop: 0 });
  });
});

const parameters = poisoning.parameters({ ...tiny, trainPoints: 30, flips: 2, sweepSeeds: 8, firstSeed: 1 });

describe("the certificate, measured", () => {
  const point: CertificatePoint = { ...tiny, parts: 5 };
  const result = measureCertificate(point);

  it("counts every test point and every point of the plane at its certificate", () => {
    const { data } = drawTask(tiny);
    const [before] = answersAfter(tiny, 5, [[]]);
    const truth = data.test.labels.to1DArray();
    const counted = (isRight: boolean): number[] =>
      [0, 1, 2].map(
        (k) =>
          before.filter(
            ({ isBlue, certified }, x) => certified === k && (isBlue === (truth[x] === 1)) === isRight,
          ).length,
      );
    const filled = (counts: readonly number[]): number[] => [0, 1, 2].map((k) => counts[k] ?? 0);
    assert.deepEqual(filled(result.right), counted(true));
    assert.deepEqual(filled(result.wrong), counted(false));
    const inVoid = measuredPlane(data.train).isVoid.filter((is) => is).length;
    assert.deepEqual([sumOf(result.inVoid), sumOf(result.data)], [inVoid, 1600 - inVoid]);
  });

  it("is a share that falls with the number of lies", () => {
    const own = { ...result, right: [10, 20, 30], wrong: [40] };
    assert.deepEqual(
      [0, 1, 2, 3].map((k) => rightAgainst(k, own)),
      [0.6, 0.5, 0.3, 0],
    );
    assert.equal(shareAgainst(1, [3, 2, 1], 6), 0.5);
  });

  it("is a study of several numbers of parts, of which the fewest that withstand the lies is attacked", async () => {
    assert.equal(fewestParts({ flips: 5, trainPoints: 250 }), 11);
    assert.equal(fewestParts({ flips: 9, trainPoints: 18 }), 18);
    assert.deepEqual(
      certificatePoints({ ...smallTask, flips: 5 }).map(({ parts, flips }) => [parts, flips]),
      [
        [1, undefined],
        [5, undefined],
        [11, 5],
        [25, undefined],
        [51, undefined],
      ],
    );
    assert.deepEqual(
      certificatePoints({ ...tiny, flips: 0 }).map(({ parts, flips }) => [parts, flips]),
      [
        [1, undefined],
        [5, undefined],
      ],
    );
    for (const heavy of [
      { trainPoints: 10_000 },
      { epochs: 1_000_000 },
      { flips: 120, testPoints: 10_000 },
    ]) {
      const all = poisoning.studies.certificate.points(poisoning.parameters(heavy), 1);
      assert.ok(all.length > 3 && all.every((own) => own.flips === undefined), JSON.stringify(heavy));
    }
    const sizes = await doStudy(poisoning.studies.certificate, parameters, plainLoop());
    assert.deepEqual(
      sizes.map(({ parts }) => parts),
      [1, 5, 25],
    );
    assert.deepEqual(
      sizes[1].results,
      [1, 2].map((seed) => measureCertificate({ ...tiny, trainPoints: 30, seed, parts: 5, flips: 2 })),
    );
  });
});

const attack: AttackResult = {
  cluster: { changed: 1, refuted: 0, accuracyDrop: -0.1 },
  greedy: { changed: 3, refuted: 0, accuracyDrop: 0.3 },
  exact: 9,
};

/** Votes of one part and of five, alike for every seed, of 10 test points. */
function alike(seeds: number, five: Partial<CertificateResult>): PartsResult[] {
  const one = { right: [10], wrong: [], data: [4], inVoid: [8] };
  const vote = { right: [1, 1, 8], wrong: [], data: [1, 1, 2], inVoid: [2, 0, 6], attack, ...five };
  return [
    { parts: 1, results: new Array<CertificateResult>(seeds).fill(one) },
    { parts: 5, results: new Array<CertificateResult>(seeds).fill(vote) },
  ];
}

/** The same, not attacked. */
function spared(seeds: number): PartsResult[] {
  return alike(seeds, {}).map(({ parts, results }) => ({
    parts,
    results: results.map(({ attack: _, ...rest }) => rest),
  }));
}

describe("what is said of the certificate", () => {
  const outcomes = (seeds: number, five: Partial<CertificateResult>, own = parameters): string[] =>
    gradeLines(certificateLines(alike(seeds, five), own)).map(({ outcome }) => outcome);
  it("is a line for the defence, of its worth and its cost, and one for the caution of the proof", () => {
    assert.deepEqual(outcomes(30, {}), ["holds", "holds"]);
    assert.deepEqual(outcomes(19, {}), ["undecided", "undecided"]);
    // right, but too few of them for certain; certain, but too dear
    assert.deepEqual(outcomes(30, { right: [6, 0, 4] }), ["does not hold", "holds"]);
    assert.deepEqual(outcomes(30, { right: [0, 0, 9], wrong: [1] }), ["does not hold", "holds"]);
    assert.deepEqual(outcomes(30, { attack: { ...attack, exact: 7 } }), ["holds", "does not hold"]);
    assert.deepEqual(outcomes(30, {}, { ...parameters, flips: 0 }), ["not tested", "not tested"]);
    const heavy = { ...parameters, epochs: 1e6, trainPoints: 1000 };
    assert.deepEqual(
      gradeLines(certificateLines(spared(30), heavy)).map(({ outcome }) => outcome),
      ["holds", "not tested"],
    );
    const [{ claim, measured }] = certificateLines(alike(30, {}), parameters);
    assert.match(claim, /vote of 5 parts .* whatever 2 labels .* at most 3 points/);
    assert.equal(measured, "Certified and right: 80.0% in all 30. Cost: 0.0 points in all 30.");
  });

  it("stands in the verdict of the notebook", () => {
    const verdict = (more: { certificate?: PartsResult[] }): string[] =>
      poisoning
        .verdict({ seeds: [measurePoisoning(parameters)], ...more }, parameters)
        .rows.map(({ claim }) => claim);
    const lines = certificateLines(alike(2, {}), parameters).map(({ claim }) => claim);
    assert.deepEqual(verdict({ certificate: alike(2, {}) }), [...verdict({}), ...lines]);
  });

  it("is a table of every number of parts", () => {
    const [head, rows] = certificateTable(alike(6, { wrong: [0, 0, 10] }), parameters);
    assert.deepEqual(
      rows.map((row) => row.length),
      [head.length, head.length],
    );
    assert.deepEqual(rows[0].slice(0, 4), ["1", "30", "100.0 in all 6", "0.0 in all 6"]);
    assert.deepEqual(
      rows[1].slice(2),
      ["50.0", "50.0", "40.0", "90.0", "50.0", "75.0"].map((text) => `${text} in all 6`),
    );
  });

  it("is what the attacks came to, or why there was none", () => {
    const none = spared(6);
    assert.match(describeCertificate(none, parameters), /^The vote was not attacked: with so many points/);
    assert.match(describeCertificate(none, { ...parameters, flips: 0 }), /^No label was flipped/);
    const text = describeCertificate(alike(6, {}), parameters);
    assert.match(
      text,
      /a cluster of 2 lies changes the answer on 10\.0% in all 6 of .* \(accuracy lost: -10\.0 points/,
    );
    assert.match(text, /greedy search finds, on 30\.0% in all 6 .* \(accuracy lost: 30\.0 points/);
    assert.match(
      text,
      /against so many lies, none changes\. One lie more .* at 90\.0% in all 6 of the test points \(6 seeds\)\.$/,
    );
    const cluster = { changed: 1, refuted: 1, accuracyDrop: 0 };
    const refuted = describeCertificate(alike(6, { attack: { ...attack, cluster } }), parameters);
    assert.match(refuted, /against so many lies, 6 change: the certificate is \*\*refuted\*\*\./);
    assert.match(describeCertificate(alike(6, {}), { ...parameters, flips: 0 }), /^No label was flipped/);
  });
});

interface Trace {
  name?: string;
  x: (number | null)[];
  y: number[];
  z?: number[][];
}

describe("charts of the certificate", () => {
  const view = viewCertificate(parameters, 9);

  it("show the certificate of each place of the plane, and of the test points", () => {
    const figure = certificateFigure(view);
    assert.match(figure.alt, /Seed 1, 5 parts: \d+\.\d% of the test points stay right against any 2 lies/);
    const [map, , , , proved, open] = figure.data as unknown as Trace[];
    assert.deepEqual(map.z, view.certified.values);
    assert.equal(proved.x.length + open.x.length, 60);
    const far = view.answers.filter(({ certified }) => certified >= 2).length;
    assert.equal(proved.x.length, far);
    assertSound(figure, "certificates");
    const { data } = drawTask(parameters);
    const voters = votersOf(parameters, data.train, dealOut(data.train, 5));
    const corner = new Matrix([[view.blue.x[0], view.blue.y[0]]]);
    const blue = voters.filter((voter) => guesses(voter, corner)[0]).length;
    assert.equal(view.blue.values[0][0], blue / 5);
    assert.equal(view.certified.values[0][0], answerOf(blue, 5).certified);
  });

  it("can be drawn where no lie is told, or no point is certified", () => {
    for (const change of [{ flips: 0 }, { flips: 15 }, { epochs: 0 }, { hiddenLayers: [] }]) {
      const figure = certificateFigure(viewCertificate({ ...parameters, ...change }, 5));
      assertSound(figure, JSON.stringify(change));
    }
  });

  it("show what is left against more and more lies", () => {
    const [one, five, , onPlane] = certifiedFigure(alike(6, {})).data as unknown as Trace[];
    assert.deepEqual(one.x, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(one.y.slice(0, 3), [100, 0, 0]);
    assert.deepEqual(five.y.slice(0, 4), [100, 90, 80, 0]);
    assert.deepEqual(onPlane.y.slice(0, 4), [100, 75, 66.67, 0]);
  });
});
