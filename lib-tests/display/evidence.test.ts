import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Evidence, gather, publishedVerdicts, recordedEvidence } from "../../src/display/evidence.js";
import { ANSWER_MIME, type GivenAnswer, TRY_IT_MIME } from "../../src/display/mime.js";
import { show } from "../../src/display/show.js";
import { showTryIt } from "../../src/display/show-try-it.js";
import { showAnswer } from "../../src/display/verdict.js";
import { digestOfStudy } from "../../src/evidence/digests.js";
import { type Header, type Row, recordText } from "../../src/evidence/file.js";
import { studyKey } from "../../src/evidence/key.js";
import { fileName } from "../../src/evidence/load.js";
import { type CheckedSeedResult, measureCheckedBaseline } from "../../src/experiments/baseline/baseline.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import type { Publication } from "../../src/live/demonstration.js";
import { closeWorkers } from "../../src/sweep/index.js";
import { smallTask } from "../experiments/small-task.js";
import { outputsOf, outputsOfAwaiting, type SentOutput } from "./fake-kernel.js";
import { lineFigure } from "./figures.js";

const parameters = baseline.parameters({ ...smallTask, epochs: 3, firstSeed: 7, sweepSeeds: 2 });
const SEEDS = 21;
const name = { experiment: baseline.name, study: "seeds" };

describe("the evidence in a cell", function () {
  this.timeout(60_000);
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "evidence-"));
  const rows: Row[] = Array.from({ length: SEEDS }, (_, i) => {
    const seed = parameters.firstSeed + i;
    return { seed, results: [measureCheckedBaseline({ ...parameters, seed })] };
  });
  const header: Header = {
    ...name,
    key: studyKey(name, baseline.studies.seeds, parameters),
    digest: digestOfStudy(name) ?? "",
    firstSeed: parameters.firstSeed,
    seeds: SEEDS,
    parameters: { ...parameters },
    version: "1.2.3",
    recorded: "2026-11-30",
  };
  const path = join(folder, "evidence", baseline.name, fileName(baseline, "seeds", parameters));
  const record = (text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  /** The rows with another loss at one of the seeds. */
  const changedAt = (index: number): Row[] =>
    rows.map((row, i) => {
      if (i !== index) return row;
      const [result] = row.results as CheckedSeedResult[];
      return { ...row, results: [{ ...result, trainLoss: result.trainLoss + 1e-16 * 2 }] };
    });
  const textOf = ({ data }: SentOutput): string => String(data["text/plain"]);

  before(() => process.chdir(folder));
  after(async () => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
    await closeWorkers();
  });

  async function gathered(): Promise<{ evidence: Evidence<CheckedSeedResult[]>; sent: SentOutput[] }> {
    let evidence: Evidence<CheckedSeedResult[]> | undefined;
    const sent = await outputsOfAwaiting(async () => {
      evidence = await gather(baseline, "seeds", parameters);
    });
    assert.ok(evidence);
    return { evidence, sent };
  }

  it("is what was recorded, measured again at fixed seeds and at drawn ones, which are not saved", async () => {
    record(recordText({ header, rows }));
    const { evidence, sent } = await gathered();
    assert.deepEqual(
      evidence.findings,
      rows.map(({ results: [result] }) => result),
    );
    const { findings: _, ...rest } = evidence;
    assert.deepEqual(rest, {
      seeds: SEEDS,
      firstSeed: 7,
      isRecorded: true,
      source: "recorded 2026-11-30 by glass-house 1.2.3",
    });
    assert.equal(
      textOf(sent[0]),
      "◆ **Recorded**: trainings, 21 seeds, 7 to 27, recorded 2026-11-30 by glass-house 1.2.3. Measured again: seeds 7 and 17, the same to the bit.",
    );
    assert.match(
      textOf(sent[1]),
      /^Drawn at random and measured again: seeds? \d+(?: and \d+)?, the same to the bit\.$/,
    );
    assert.deepEqual(sent[1].metadata, { "glass-house": { role: "progress" } });
  });

  it("of other code is taken where it measures the same, and called so", async () => {
    record(recordText({ header: { ...header, digest: "0123456789abcdef" }, rows }));
    const { evidence, sent } = await gathered();
    assert.ok(evidence.isRecorded);
    assert.match(textOf(sent[0]), /Measured again because it was recorded by other code: seeds 7 and 17/);
  });

  for (const [what, text, why] of [
    [
      "has another number at a fixed seed",
      recordText({ header, rows: changedAt(10) }),
      /the recording of seed 17 differs from the measurement here/,
    ],
    ["was cut off", recordText({ header, rows }).slice(0, -40), /it is cut off/],
    ["was edited", recordText({ header, rows }).replace("0.9", "0.8"), /it was edited or damaged/],
  ] as const) {
    it(`that ${what} is refused and measured anew, and the answer above it is withdrawn`, async () => {
      record(recordText({ header, rows }));
      const { evidence } = await gathered();
      const [answer] = outputsOf(() => showAnswer(baseline, parameters, { seeds: evidence }));
      assert.match(textOf(answer), /\(◆ Recorded: 21 seeds, 7 to 27\.\)/);
      record(text);
      const later = await gathered();
      assert.equal(later.evidence.isRecorded, false);
      assert.deepEqual(
        later.evidence.findings,
        [7, 8].map((seed) => measureCheckedBaseline({ ...parameters, seed })),
      );
      const [refusal] = later.sent;
      assert.match(textOf(refusal), /^✗ \*\*Refused\*\*: /);
      assert.match(textOf(refusal), why);
      const withdrawn = later.sent.find(
        ({ update, transient }) => update && transient.display_id === answer.transient.display_id,
      );
      assert.ok(withdrawn);
      assert.match(textOf(withdrawn), /\*\*Withdrawn\.\*\* .*refused/);
      assert.doesNotMatch(textOf(withdrawn), /Holds|holds\*\*|does not hold/);
      const { stamp, basis, isRecorded } = answer.data[ANSWER_MIME] as GivenAnswer;
      assert.deepEqual([stamp, basis, isRecorded], ["does not hold", "21 seeds, 7 to 27", true]);
      assert.match((withdrawn.data[ANSWER_MIME] as { withdrawn: string }).withdrawn, why);
      // nothing rests on it any more, until it is found good again
      assert.equal(recordedEvidence(baseline, parameters).seeds, undefined);
      record(recordText({ header, rows }));
      assert.ok((await gathered()).evidence.isRecorded);
      assert.equal(recordedEvidence(baseline, parameters).seeds?.seeds, SEEDS);
    });
  }

  it("makes a published verdict where it is whole and by the present code, and was not refused", async () => {
    const own = { ...baseline, defaults: parameters, studies: { seeds: baseline.studies.seeds } };
    const published = () => publishedVerdicts([own])[baseline.name]?.rows.length;
    const place = join(dirname(path), "seeds.jsonl");
    const recordAs = (digest: string, changed = rows): void =>
      writeFileSync(place, recordText({ header: { ...header, digest }, rows: changed }));
    mkdirSync(dirname(path), { recursive: true });
    assert.equal(published(), undefined);
    recordAs("0123456789abcdef");
    assert.equal(published(), undefined);
    recordAs(header.digest ?? "", changedAt(0));
    assert.equal(published(), 4);
    await outputsOfAwaiting(() => gather(own, "seeds", parameters));
    assert.equal(published(), undefined);
    recordAs(header.digest ?? "");
    await outputsOfAwaiting(() => gather(own, "seeds", parameters));
    assert.equal(published(), 4);
    assert.equal(publishedVerdicts([{ ...own, studies: baseline.studies }])[baseline.name], undefined);
    rmSync(place);
  });

  it("that takes too long to measure again is shown as it is, with the command that does", async () => {
    record(recordText({ header, rows: changedAt(0) }));
    const slow = {
      ...baseline,
      studies: { ...baseline.studies, seeds: { ...baseline.studies.seeds, isSlow: true } },
    };
    const sent = await outputsOfAwaiting(async () => {
      const { isRecorded } = await gather(slow, "seeds", parameters);
      assert.ok(isRecorded);
    });
    assert.equal(sent.length, 1);
    assert.match(
      textOf(sent[0]),
      /^◆ \*\*Recorded\*\*: .*\. To measure it again takes minutes: `npm run evidence -- 01-baseline --study seeds --check`\.$/,
    );
  });

  it("that is wrong where only luck would look is found by luck", async () => {
    record(recordText({ header, rows: rows.map((row, i) => (i === 0 || i === 10 ? row : changedAt(i)[i])) }));
    const { evidence, sent } = await gathered();
    assert.equal(evidence.isRecorded, false);
    assert.ok(sent.some((output) => /^✗ \*\*Refused/.test(textOf(output))));
  });

  it("that cannot be read is refused, and what else was recorded makes no published verdict by itself", async () => {
    rmSync(path, { force: true });
    mkdirSync(path, { recursive: true });
    const { evidence, sent } = await gathered();
    rmSync(path, { recursive: true });
    assert.match(textOf(sent[0]), /^✗ \*\*Refused\*\*: .*it cannot be read: EISDIR/);
    const study = baseline.studies.scale;
    const own = { experiment: baseline.name, study: "scale" };
    const other = join(dirname(path), fileName(baseline, "scale", parameters));
    const results = study.points(parameters, 7).map((point) => study.measure(point));
    const key = studyKey(own, study, parameters);
    writeFileSync(
      other,
      recordText({ header: { ...header, ...own, key, seeds: 1 }, rows: [{ seed: 7, results }] }),
    );
    const published = { ...baseline, defaults: parameters };
    const [answer] = outputsOf(() => showAnswer(published, parameters, { seeds: evidence }));
    rmSync(other);
    assert.match(textOf(answer), /◇ Measured here: 2 seeds/);
    assert.doesNotMatch(textOf(answer), /With the published parameters/);
  });

  it("with other seeds or parameters is measured here, and says so", async () => {
    record(recordText({ header, rows }));
    for (const change of [{ firstSeed: 8 }, { noise: 0.2 }]) {
      const changed = { ...parameters, ...change };
      let evidence: Evidence<CheckedSeedResult[]> | undefined;
      const sent = await outputsOfAwaiting(async () => {
        evidence = await gather(baseline, "seeds", changed);
      });
      assert.equal(evidence?.source, "measured here");
      const seeds = [0, 1].map((i) => changed.firstSeed + i);
      assert.deepEqual(
        evidence.findings,
        seeds.map((seed) => measureCheckedBaseline({ ...changed, seed })),
      );
      const last = textOf(sent[sent.length - 1]);
      assert.equal(last, `◇ **Measured here**: trainings, 2 seeds, ${seeds[0]} to ${seeds[1]}.`);
    }
  });

  it("is told by the charts that are drawn from it, not by empty ones", async () => {
    record(recordText({ header, rows }));
    const { evidence } = await gathered();
    const [{ data }] = outputsOf(() => show(lineFigure(), { evidence }));
    assert.ok(
      String(data["text/html"]).includes("n = 21 seeds, 7 to 27; recorded 2026-11-30 by glass-house 1.2.3."),
    );
    const [empty] = outputsOf(() => show({ ...lineFigure(), data: [] }, { evidence }));
    assert.doesNotMatch(String(empty.data["text/html"]), /n = 21/);
  });

  it("goes with the panel once all of it was recorded", async () => {
    record(recordText({ header, rows }));
    const publication = (): Publication => {
      const [{ data }] = outputsOf(() => showTryIt(baseline, parameters));
      return data[TRY_IT_MIME] as Publication;
    };
    for (const name of ["spikes", "scale"] as const) {
      assert.equal(publication().recorded, undefined);
      const study = baseline.studies[name];
      const own = { experiment: baseline.name, study: name };
      const recorded: Row[] = [7, 8].map((seed) => ({
        seed,
        results: study.points(parameters, seed).map((point) => study.measure(point)),
      }));
      writeFileSync(
        join(dirname(path), fileName(baseline, name, parameters)),
        recordText({
          header: { ...header, ...own, key: studyKey(own, study, parameters), seeds: 2 },
          rows: recorded,
        }),
      );
    }
    const { verdict, basis, sample } = publication().recorded ?? {};
    assert.equal(verdict?.rows[0].n, SEEDS);
    assert.equal(basis, "21 seeds, 7 to 27, recorded 2026-11-30 by glass-house 1.2.3");
    assert.deepEqual(
      sample?.map(({ seed }) => seed),
      [7, 17],
    );
  });

  it("needs a study that there is", async () => {
    await assert.rejects(() => gather(baseline, "seedz" as "seeds", parameters), {
      name: "RangeError",
      message: 'name must be a study of 01-baseline (seeds, spikes, scale), got "seedz"',
    });
  });
});
