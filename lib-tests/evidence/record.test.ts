import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../src/evidence/command/check.js";
import { type Commission, commissions, type Wishes } from "../../src/evidence/command/commission.js";
import { merge } from "../../src/evidence/command/merge.js";
import { record, type State } from "../../src/evidence/command/record.js";
import { type Header, readRecord, recordText } from "../../src/evidence/file.js";
import { load } from "../../src/evidence/load.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { closeWorkers } from "../../src/sweep/index.js";
import { freshFolder } from "../report/toys.js";
import { measureToy, modules, toy, traces } from "./toys.js";

after(closeWorkers);

describe("recording studies", () => {
  const folder = freshFolder();
  const pathOf = (file: string, out = "out"): string => join(folder(), out, "01-toy", file);
  const read = (file: string, out?: string): string => readFileSync(pathOf(file, out), "utf8");

  function wanted(wishes: Partial<Wishes> = {}): Commission[] {
    const all = { notebooks: [], studies: ["single"], set: {}, out: join(folder(), "out"), ...wishes };
    return commissions(all, toy(folder()));
  }

  /** Records, and returns what failed and what was measured. */
  async function run(
    wishes: Partial<Wishes> | Commission[] = {},
    onProgress: (state: State) => void = () => {},
    workers = 1,
  ): Promise<{ failed: string[]; measured: string[] }> {
    const before = traces(folder()).length;
    const own = Array.isArray(wishes) ? wishes : wanted(wishes);
    const failed = await record(own, { workers, modules, onProgress, onComplete: () => {} });
    return { failed: failed.map(({ message }) => message), measured: traces(folder()).slice(before) };
  }

  const singles = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => `single ${from + i}`);

  it("writes what the plain loop measures, to the bit, and leaves nothing beside", async () => {
    await run({ studies: ["pairs", "single"] }, undefined, 2);
    assert.deepEqual(readdirSync(pathOf("")).sort(), ["pairs.jsonl", "single.jsonl"]);
    const { header, rows } = readRecord(read("pairs.jsonl"));
    assert.equal(header.seeds, 100);
    assert.equal(rows[99].seed, 199);
    assert.match(header.recorded, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(header.parameters, { folder: folder() });
    assert.equal(header.command, undefined);
    for (const { seed, results } of rows) {
      const points = ["first", "second"].map((name) => ({ folder: folder(), seed, name }));
      assert.deepEqual(results, plainLoop()(points, measureToy));
    }
  });

  it("begins with a few seeds of every study, then goes through them, a point of all seeds after the other", async () => {
    const states: State[] = [];
    const { measured } = await run({ studies: ["pairs", "single"] }, (state) => states.push(state));
    const name = (text: string): string => text.split(" ")[0];
    const runs = measured.flatMap((text, i) => (i > 0 && name(measured[i - 1]) === name(text) ? [] : [i]));
    assert.deepEqual(
      runs.map((start, i) => [name(measured[start]), (runs[i + 1] ?? measured.length) - start]),
      [
        ["first", 8],
        ["second", 8],
        ["single", 8],
        ["first", 64],
        ["second", 64],
        ["first", 28],
        ["second", 28],
        ["single", 12],
      ],
    );
    assert.equal(new Set(measured).size, 220);
    // what is left is told once every study was tried, and nothing is left at the end
    assert.equal(states[0].left, undefined);
    const told = states.filter(({ left }) => left !== undefined);
    assert.deepEqual([told[0].study, told[0].done, told[0].of], ["01-toy pairs", 8, 100]);
    const last = states[states.length - 1];
    assert.deepEqual(last, { study: "01-toy single", done: 20, of: 20, left: 0 });
    assert.ok(told.every(({ left = -1 }) => left >= 0));
    assert.ok(told.some(({ study, left = 0 }) => study === last.study && left > 0));
  });

  it("leaves a complete file as it is, and takes no look at the seeds again", async () => {
    await run();
    const before = read("single.jsonl");
    assert.deepEqual(await run(), { failed: [], measured: [] });
    assert.deepEqual(await run({ seeds: 5 }), { failed: [], measured: [] });
    assert.equal(read("single.jsonl"), before);
  });

  it("extends a file by the seeds that are missing, to the bytes of a single run", async () => {
    await run({ seeds: 7 });
    assert.deepEqual((await run()).measured, singles(107, 119));
    await run({ out: join(folder(), "once") });
    assert.equal(read("single.jsonl"), read("single.jsonl", "once"));
  });

  it("names the seed at which a measurement fails, keeps all others, and goes on with the other studies", async () => {
    writeFileSync(join(folder(), "fail-105"), "");
    const { failed } = await run({ studies: ["pairs", "single"] });
    assert.deepEqual(failed, [
      "01-toy pairs: seed 105, point 0 failed: RangeError: told to fail",
      "01-toy single: seed 105, point 0 failed: RangeError: told to fail",
    ]);
    assert.deepEqual(readdirSync(pathOf("")).sort(), ["pairs.jsonl.partial", "single.jsonl.partial"]);
    rmSync(join(folder(), "fail-105"));
    const { failed: none, measured } = await run();
    assert.deepEqual([none, measured], [[], ["single 105", ...singles(108, 119)]]);
    assert.deepEqual(readdirSync(pathOf("")).sort(), ["pairs.jsonl.partial", "single.jsonl"]);
  });

  it("refuses a result that is no plain data, and says where", async () => {
    writeFileSync(join(folder(), "odd-102"), "");
    const [message, ...others] = (await run()).failed;
    assert.match(
      message,
      /^01-toy single: result\.values\[0\] must be plain data .*, got an object of type Float64Array$/,
    );
    assert.deepEqual(others, []);
  });

  describe("takes up what an earlier run had measured", () => {
    const partial = (): string => pathOf("single.jsonl.partial");
    let kept: string;

    beforeEach(async () => {
      writeFileSync(join(folder(), "fail-105"), "");
      await run();
      rmSync(join(folder(), "fail-105"));
      kept = readFileSync(partial(), "utf8");
    });

    it("but for a last line that was cut off", async () => {
      appendFileSync(partial(), '[108,0,{"root":1');
      assert.equal((await run()).measured.includes("single 108"), true);
      assert.equal(recordOf(108).root, Math.sqrt(108));
      const cut = kept.slice(0, -3);
      rmSync(pathOf("single.jsonl"));
      writeFileSync(partial(), cut);
      const { measured } = await run();
      assert.deepEqual(measured, ["single 105", ...singles(107, 119)]);
    });

    it("but for a line that nobody can read", async () => {
      writeFileSync(partial(), kept.replace("[101,0,", "\0\0\0\0"));
      assert.deepEqual((await run()).measured, ["single 101", "single 105", ...singles(108, 119)]);
    });

    it("and keeps what was not asked for this time", async () => {
      await run({ seeds: 3 });
      assert.deepEqual(readdirSync(pathOf("")).sort(), ["single.jsonl", "single.jsonl.partial"]);
      assert.deepEqual((await run()).measured, ["single 105", ...singles(108, 119)]);
      assert.deepEqual(readdirSync(pathOf("")), ["single.jsonl"]);
    });

    for (const [what, change] of [
      ["other code", { digest: "0000000000000000" }],
      ["other parameters", { key: "0000000000000000" }],
      ["another machine", { machine: { cpu: "x", os: "y", node: "z" } }],
    ] as const) {
      it(`refuses that of ${what} before anything is measured, and says what to do`, async () => {
        const [own] = wanted();
        const other = { ...own, header: { ...own.header, ...change } };
        const before = traces(folder()).length;
        await assert.rejects(run([...wanted({ studies: ["pairs"] }), other]), {
          name: "UsageError",
          message: `${partial()} was started by other code, with other parameters or on another machine; delete it to start again, or choose another folder with --out`,
        });
        assert.equal(traces(folder()).length, before);
        assert.equal(readFileSync(partial(), "utf8"), kept);
      });
    }
  });

  const recordOf = (seed: number): { root: number } =>
    readRecord(read("single.jsonl")).rows.find((row) => row.seed === seed)?.results[0] as { root: number };

  describe("refuses before anything is measured", () => {
    const refusal = async (wishes: Partial<Wishes>, message: RegExp): Promise<void> => {
      const before = traces(folder()).length;
      await assert.rejects(run(wishes), { name: "UsageError", message });
      assert.equal(traces(folder()).length, before);
    };

    it("a file that is no evidence", async () => {
      await run();
      writeFileSync(pathOf("single.jsonl"), read("single.jsonl").slice(0, -30));
      await refusal({}, /single\.jsonl: it is cut off: .*; delete it to record it again$/);
    });

    it("a file of other parameters", async () => {
      await run({ set: { folder: `${folder()}/` } });
      const [other] = readdirSync(pathOf(""));
      writeFileSync(pathOf("single.jsonl"), read(other));
      await refusal({}, /single\.jsonl: it is of another study or of other parameters; /);
    });

    it("a file of other seeds", async () => {
      await run();
      await refusal({ firstSeed: 90 }, /starts at seed 100, not at 90; choose another folder with --out$/);
    });

    it("to extend a file of other code, and leaves it where it is complete", async () => {
      await run({ seeds: 5 });
      const { header, rows } = readRecord(read("single.jsonl"));
      const other = recordText({ header: { ...header, digest: "0000000000000000" }, rows });
      writeFileSync(pathOf("single.jsonl"), other);
      await refusal({}, /was recorded by other code and cannot be extended; delete it to record it again$/);
      await run({ seeds: 5 });
      assert.equal(read("single.jsonl"), other);
    });
  });

  it("observes one point after the other, in one thread, and says on which machine", async () => {
    await run({ studies: ["clock"] }, undefined, 2);
    const { header, rows } = readRecord(read("clock.jsonl"));
    assert.deepEqual(Object.keys(header.machine ?? {}), ["cpu", "os", "node"]);
    assert.equal(header.machine?.node, process.versions.node);
    assert.equal("digest" in header, false);
    const times = rows.flatMap(({ results }) => results) as { thread: number; start: number; end: number }[];
    assert.equal(times.length, 12);
    assert.equal(new Set(times.map(({ thread }) => thread)).size, 1);
    times.sort((a, b) => a.start - b.start);
    for (const [i, { start }] of times.slice(1).entries()) assert.ok(start >= times[i].end);
  });

  it("puts other values into a file of their own, beside the published one", async () => {
    await run();
    const published = read("single.jsonl");
    await run({ set: { folder: `${folder()}/` } });
    const [other, own] = readdirSync(pathOf("")).sort();
    assert.match(other, /^single\.[\da-f]{8}\.jsonl$/);
    assert.deepEqual([own, read("single.jsonl")], ["single.jsonl", published]);
    const { header } = readRecord(read(other));
    assert.equal(header.key.slice(0, 8), other.split(".")[1]);
    assert.match(header.command ?? "", /^npm run evidence -- 01-toy --study single --set "folder=/);
  });

  describe("in shards", () => {
    const shards = async (
      numbers: readonly number[],
      of = 3,
      wishes: Partial<Wishes> = {},
    ): Promise<void> => {
      for (const number of numbers) {
        await run({
          studies: ["pairs", "single"],
          shard: { number, of },
          out: join(folder(), `node${number}`),
          ...wishes,
        });
      }
    };
    const nodes = (): string[] => [1, 2, 3].map((number) => join(folder(), `node${number}`));
    const merged = (sources = nodes()): unknown => merge(sources, join(folder(), "merged"));

    it("takes every so-manieth seed, and is merged to the bytes of a single run, of the latest day", async () => {
      await shards([1, 2, 3]);
      assert.deepEqual(
        readRecord(read("single.shard-2-of-3.jsonl", "node2")).rows.map(({ seed }) => seed),
        [101, 104, 107, 110, 113, 116, 119],
      );
      for (const [number, day] of [
        [1, "2026-01-02"],
        [2, "2026-01-03"],
        [3, "2026-01-01"],
      ] as const) {
        for (const study of ["pairs", "single"])
          dated(pathOf(`${study}.shard-${number}-of-3.jsonl`, `node${number}`), day);
      }
      merged();
      await run({ studies: ["pairs", "single"], out: join(folder(), "once") });
      for (const study of ["pairs.jsonl", "single.jsonl"]) {
        dated(pathOf(study, "once"), "2026-01-03");
        assert.equal(read(study, "merged"), read(study, "once"));
      }
    });

    it("may be more than there are seeds", async () => {
      const wishes = { studies: ["single"], seeds: 2, out: join(folder(), "node1") };
      await shards([1, 2, 3], 3, wishes);
      merged([join(folder(), "node1")]);
      await run({ ...wishes, out: join(folder(), "once") });
      assert.equal(read("single.jsonl", "merged"), read("single.jsonl", "once"));
    });

    it("that are not all there are named, and nothing is written", async () => {
      await shards([1, 3]);
      rmSync(pathOf("pairs.shard-3-of-3.jsonl", "node3"));
      assert.throws(() => merged(nodes().filter((path) => existsSync(path))), {
        name: "EvidenceError",
        message: "01-toy pairs: shard 2, 3 of 3 is missing; 01-toy single: shard 2 of 3 is missing",
      });
      assert.equal(existsSync(join(folder(), "merged")), false);
    });

    it("of different recordings are refused, and those that are damaged", async () => {
      await shards([1, 2]);
      await shards([3], 3, { seeds: 10, out: join(folder(), "node3") });
      assert.throws(merged, {
        name: "EvidenceError",
        message: /do not belong to the same recording: they differ in seeds/,
      });
      rmSync(join(folder(), "node3"), { recursive: true });
      await shards([3]);
      const damaged = pathOf("pairs.shard-3-of-3.jsonl", "node3");
      writeFileSync(damaged, readFileSync(damaged, "utf8").replace("[102,", "[103,"));
      assert.throws(merged, {
        name: "EvidenceError",
        message: /pairs\.shard-3-of-3\.jsonl: it was edited or damaged/,
      });
      assert.throws(() => merged([join(folder(), "nowhere")]), { name: "UsageError" });
    });

    it("replace fewer seeds of the same, and nothing else", async () => {
      await shards([1, 2, 3]);
      await run({ studies: ["single"], seeds: 4, out: join(folder(), "merged") });
      merged();
      const whole = readRecord(read("single.jsonl", "merged"));
      assert.equal(whole.rows.length, 20);
      merged();
      const other = { ...whole, rows: whole.rows.map((row) => ({ ...row, results: [1] })) };
      writeFileSync(pathOf("single.jsonl", "merged"), recordText(other));
      assert.throws(merged, { name: "UsageError", message: /holds other results; delete it/ });
      assert.deepEqual(readRecord(read("single.jsonl", "merged")), other);
    });

    it("leave out what is observed", () => {
      const shard = { number: 1, of: 2 };
      assert.deepEqual(
        wanted({ studies: [], shard }).map(({ header }) => header.study),
        ["pairs", "single"],
      );
      assert.throws(() => wanted({ studies: ["clock"], shard }), {
        name: "UsageError",
        message: /without --shard$/,
      });
    });
  });

  describe("and checking them", () => {
    const checked = async (): Promise<unknown> => check(wanted()[0], plainLoop(), () => {});
    const edited = (change: (header: Header, results: unknown[][]) => void): void => {
      const { header, rows } = readRecord(read("single.jsonl"));
      const results = rows.map((row) => [...row.results]);
      change(header, results);
      const text = recordText({ header, rows: rows.map(({ seed }, i) => ({ seed, results: results[i] })) });
      writeFileSync(pathOf("single.jsonl"), text);
    };

    it("finds them the same, also where other code recorded them", async () => {
      await run();
      const same = "01-toy single: 20 seeds measured again, the same to the bit";
      assert.deepEqual(await checked(), { isSame: true, text: same });
      edited((header) => Object.assign(header, { digest: "0000000000000000" }));
      assert.deepEqual(await checked(), { isSame: true, text: `${same}, although recorded by earlier code` });
    });

    it("names the seed where one bit differs", async () => {
      await run();
      edited((_, results) => Object.assign(results[13][0] as object, { odd: [Number.NaN, 0] }));
      assert.deepEqual(await checked(), {
        isSame: false,
        text: "01-toy single: results differ from the recording for seed 113 of 20 seeds",
      });
    });

    it("names ten seeds, and counts those beyond", async () => {
      await run();
      const ten = "100, 101, 102, 103, 104, 105, 106, 107, 108, 109";
      for (const [count, named] of [
        [10, ten],
        [12, `${ten} and 2 more`],
      ] as const) {
        edited((_, results) => {
          for (const [one] of results.slice(0, count)) Object.assign(one as object, { odd: [Number.NaN, 0] });
        });
        const text = `01-toy single: results differ from the recording for seed ${named} of 20 seeds`;
        assert.deepEqual(await checked(), { isSame: false, text });
      }
    });

    it("finds fault with what is not there, and with what is damaged", async () => {
      assert.match(
        ((await checked()) as { text: string }).text,
        /^01-toy single: nothing is recorded at .*single\.jsonl$/,
      );
      await run();
      writeFileSync(pathOf("single.jsonl"), read("single.jsonl").replace("NaN", "NAN"));
      assert.match(((await checked()) as { text: string }).text, /single\.jsonl: it was edited or damaged/);
    });

    it("measures nothing that was observed", async () => {
      await run({ studies: ["clock"] });
      const { isSame, text } = await check(
        wanted({ studies: ["clock"] })[0],
        () => assert.fail("measured"),
        () => {},
      );
      assert.deepEqual([isSame, /observed/.test(text)], [true, true]);
    });
  });

  describe("and loading them", () => {
    const { "01-toy": own } = toy("");
    const defaults = { ...own.defaults, folder: "" } as never as {
      seed: number;
      firstSeed: number;
      sweepSeeds: number;
    };

    it("finds the published ones and a reader's own by what they measure", async () => {
      const [experiment] = Object.values(toy(folder()));
      const folders = [join(folder(), "package"), join(folder(), "out")];
      assert.equal(load(experiment, "single", experiment.defaults, folders), undefined);
      await run({ seeds: 5 });
      const found = load(experiment, "single", { ...experiment.defaults, seed: 9, sweepSeeds: 77 }, folders);
      assert.ok(found && "rows" in found);
      assert.deepEqual(
        [found.path, found.rows.length, found.header.firstSeed],
        [pathOf("single.jsonl"), 5, 100],
      );
      const other = { ...experiment.defaults, folder: `${folder()}/` };
      assert.equal(load(experiment, "single", other, folders), undefined);
      await run({ seeds: 3, set: { folder: other.folder } });
      const changed = load(experiment, "single", other, folders);
      assert.ok(changed && "rows" in changed);
      assert.equal(changed.rows.length, 3);
      // what the package brings along comes first, if it can be used
      await run({ seeds: 4, out: folders[0] });
      const first = load(experiment, "single", experiment.defaults, folders);
      assert.ok(first && "rows" in first);
      assert.equal(first.rows.length, 4);
      writeFileSync(pathOf("single.jsonl", "package"), "");
      const next = load(experiment, "single", experiment.defaults, folders);
      assert.ok(next && "rows" in next);
      assert.equal(next.rows.length, 5);
    });

    it("says what is wrong with one that cannot be used", async () => {
      const [experiment] = Object.values(toy(folder()));
      const folders = [join(folder(), "out")];
      await run();
      const whole = read("single.jsonl");
      for (const [text, problem] of [
        [whole.slice(0, 700), "cut off"],
        [whole.replace("NaN", "NAN"), "edited"],
        ["nothing of ours", "unreadable"],
        [
          recordText({ ...readRecord(whole), header: { ...readRecord(whole).header, key: "0" } }),
          "of another study",
        ],
      ]) {
        writeFileSync(pathOf("single.jsonl"), text);
        const found = load(experiment, "single", experiment.defaults, folders);
        assert.ok(found && "problem" in found);
        assert.deepEqual([found.problem, found.path], [problem, pathOf("single.jsonl")]);
      }
    });

    it("refuses the name of a study that is not there", () => {
      assert.throws(() => load(own, "singles", defaults as never), {
        name: "RangeError",
        message: 'study must be one of pairs, single, clock, got "singles"',
      });
    });
  });
});

/** Gives a file another day, as if it had been recorded then. */
function dated(path: string, recorded: string): void {
  const { header, rows } = readRecord(readFileSync(path, "utf8"));
  writeFileSync(path, recordText({ header: { ...header, recorded }, rows }));
}
