import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { digestOf } from "../../src/core/digest.js";
import { type Recorded, readRecord, recordText } from "../../src/evidence/file.js";
import { freshFolder, until } from "../report/toys.js";

const CLI = join(__dirname, "../../src/evidence/command/cli.js");

/** Values with which a training takes next to no time. */
const SMALL = ["epochs=2", "trainPoints=10", "testPoints=10", "hiddenLayers=[2]"].flatMap((value) => [
  "--set",
  value,
]);

describe("npm run evidence", () => {
  const folder = freshFolder();
  const environment = { ...process.env, GLASS_HOUSE_WORKERS: "2", npm_lifecycle_event: "" };
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI, ...args], { cwd: folder(), env: environment, encoding: "utf8" });
  const record = (out: string, ...args: string[]): ReturnType<typeof run> =>
    run("baseline", "--study", "seeds", ...SMALL, "--out", out, ...args);
  const files = (out: string): string[] => readdirSync(join(folder(), out, "01-baseline")).sort();
  const pathOf = (out: string, ending = ".jsonl"): string => {
    const [name] = files(out).filter((file) => file.endsWith(ending));
    return join(folder(), out, "01-baseline", name);
  };
  const read = (out: string): string => readFileSync(pathOf(out), "utf8");

  it("records, says what it wrote, and has nothing to do the next time", () => {
    const first = record("out", "--seeds", "12", "--first-seed", "5");
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    const file = files("out")[0];
    assert.match(file, /^seeds\.[\da-f]{8}\.jsonl$/);
    const summary = `12 seeds, \\d+\\.\\d kB: out/01-baseline/${file}`;
    // nobody watches: no live line, and one line for a recording that takes no minute
    assert.match(
      first.stdout,
      new RegExp(`^01-baseline seeds: .*\n${summary}\n${summary} in \\d+\\.\\d s\n$`),
    );
    const { header, rows } = readRecord(read("out"));
    assert.deepEqual([header.firstSeed, rows.length, rows[11].seed], [5, 12, 16]);
    assert.equal(
      header.command,
      'npm run evidence -- 01-baseline --study seeds --set "epochs=2" --set "trainPoints=10" --set "testPoints=10" --set "hiddenLayers=[2]" --seeds 12 --first-seed 5',
    );
    assert.deepEqual(files("out"), [file]);
    assert.deepEqual(readdirSync(join(folder(), "out")), ["01-baseline"]);

    const again = record("out", "--seeds", "12", "--first-seed", "5");
    assert.deepEqual([again.status, again.stdout], [0, "nothing to do: out is complete\n"]);
  });

  it("checks: 0 when all is the same, 1 with the seed when one digit is not", () => {
    record("out", "--seeds", "12", "--first-seed", "7");
    const check = (): ReturnType<typeof run> =>
      run("01", "--study", "seeds", ...SMALL, "--out", "out", "--check");
    assert.match(check().stdout, /^01-baseline seeds: 12 seeds measured again, the same to the bit$/m);
    assert.equal(check().status, 0);
    const { header, rows }: Recorded = readRecord(read("out"));
    const digit = recordText({ header, rows }).replace(
      /^(\[11,\[11,\d\.)(\d)/m,
      (_, before, decimal) => `${before}${9 - decimal}`,
    );
    // whoever edits a digit and mends the last line, too, is found by measuring
    assert.throws(() => readRecord(digit), /edited/);
    writeFileSync(pathOf("out"), mended(digit));
    const { status, stderr } = check();
    assert.deepEqual(
      [status, stderr],
      [1, "01-baseline seeds: results differ from the recording for seed 11 of 12 seeds\n"],
    );
  });

  it("merges shards to the bytes of a single run, and exits with 1 where one is missing", () => {
    for (const shard of ["1/3", "3/3"])
      assert.equal(record("shards", "--seeds", "10", "--shard", shard).status, 0);
    const missing = run("--merge", "shards", "--out", "merged");
    assert.deepEqual([missing.status, missing.stderr], [1, "01-baseline seeds: shard 2 of 3 is missing\n"]);
    assert.deepEqual(readdirSync(join(folder(), "merged")), []);
    record("shards", "--seeds", "10", "--shard", "2/3");
    assert.equal(run("--merge", "shards", "--out", "merged").status, 0);
    record("once", "--seeds", "10");
    assert.equal(read("merged"), read("once"));
  });

  describe("refuses, with 2, before anything is measured or made", () => {
    const cases: readonly [what: string, args: string[], message: RegExp][] = [
      ["an unknown option", ["--fast"], /^Unknown option '--fast'/],
      ["a notebook that is not there", ["07"], /^experiment must be one of 01-baseline, .*, got "07"$/],
      [
        "a study that is not there",
        ["01", "--study", "seed"],
        /^--study must be one of seeds, spikes, scale, got "seed"$/,
      ],
      [
        "a parameter that is not there",
        ["01", "--set", "rate=1"],
        /^none of the chosen notebooks has a parameter named rate\n01-baseline has noise, trainPoints, /,
      ],
      [
        "a value out of range",
        ["01", "--set", "noise=3"],
        /^01-baseline: noise must be a finite number from 0 to 2|^01-baseline: noise must be .*, got 3$/,
      ],
      [
        "a seed that is only shown",
        ["01", "--set", "seed=3"],
        /^--set cannot change seed: it only chooses the training that the notebook shows$/,
      ],
      [
        "a seed that has an option of its own",
        ["01", "--set", "firstSeed=3"],
        /^--set cannot change firstSeed: use --first-seed$/,
      ],
      ["no seeds", ["--seeds", "0"], /^--seeds must be a whole number from 1 to 1000000, got "0"$/],
      [
        "half a first seed",
        ["--first-seed", "0.5"],
        /^--first-seed must be a whole number from 0 to \d+, got "0\.5"$/,
      ],
      ["no workers", ["--jobs", "0"], /^--jobs must be a whole number from 1 to 256, got "0"$/],
      [
        "a shard beyond the last",
        ["--shard", "4/3"],
        /^--shard must be k\/n with whole numbers and 1 <= k <= n <= 1000000, got "4\/3"$/,
      ],
      ["a shard that is no fraction", ["--shard", "1"], /^--shard must be k\/n .*, got "1"$/],
      ["a check of a shard", ["--check", "--shard", "1/2"], /^--check cannot be combined with --shard$/],
      [
        "a merge of a study",
        ["--merge", "x", "--study", "seeds"],
        /^--merge cannot be combined with --study$/,
      ],
      ["a merge of nothing", ["--merge"], /^--merge needs at least one folder or file with shards$/],
      ["a folder that is none", ["--out", "file"], /^cannot write recordings to .*file: /],
    ];
    for (const [what, args, message] of cases) {
      it(what, () => {
        writeFileSync(join(folder(), "file"), "mine");
        const { status, stdout, stderr } = run(
          ...(args.includes("--out") ? args : [...args, "--out", "out"]),
        );
        assert.match(stderr.trimEnd(), message);
        assert.deepEqual([status, stdout], [2, ""]);
        assert.deepEqual(readdirSync(folder()), ["file"]);
      });
    }

    it("a number of workers in the environment that is none", () => {
      const env = { ...environment, GLASS_HOUSE_WORKERS: "many" };
      const { status, stderr } = spawnSync(process.execPath, [CLI, "--out", "out"], {
        cwd: folder(),
        env,
        encoding: "utf8",
      });
      assert.deepEqual(
        [status, stderr],
        [2, 'GLASS_HOUSE_WORKERS must be a whole number from 1 to 256, got "many"\n'],
      );
    });

    it("options that npm kept for itself", () => {
      for (const option of ["set", "first_seed", "shard"]) {
        const env = { ...environment, npm_lifecycle_event: "evidence", [`npm_config_${option}`]: "1" };
        const { status, stderr } = spawnSync(process.execPath, [CLI, "--help"], { env, encoding: "utf8" });
        assert.equal(status, 2);
        assert.match(
          stderr,
          /^npm took --(?:set|first-seed|shard) for its own; put -- before the options: npm run evidence -- --/,
        );
      }
    });
  });

  it("tells how it is used", () => {
    const { status, stdout } = run("--help");
    assert.equal(status, 0);
    for (const option of [
      "study",
      "set",
      "seeds",
      "first-seed",
      "out",
      "shard",
      "merge",
      "check",
      "jobs",
      "help",
    ]) {
      assert.match(stdout, new RegExp(`^  --${option} `, "m"));
    }
  });

  describe("when it is stopped", () => {
    const SEEDS = ["--seeds", "500", "--first-seed", "7"];
    const start = (): ChildProcess =>
      spawn(process.execPath, [CLI, "01", "--study", "seeds", ...SMALL, "--out", "out", ...SEEDS], {
        cwd: folder(),
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
    const lines = (): string[] =>
      existsSync(join(folder(), "out", "01-baseline")) &&
      files("out").some((name) => name.endsWith(".partial"))
        ? readFileSync(pathOf("out", ".partial"), "utf8").split("\n")
        : [];

    for (const [signal, exit, said] of [
      ["SIGKILL", null, /^$/],
      ["SIGINT", 130, /^SIGINT: stopped; the results so far are kept, and the same command continues\n$/],
    ] as const) {
      it(`by ${signal}, loses no finished seed, and goes on to the bytes of a run that was not stopped`, async function () {
        if (process.platform === "win32") this.skip();
        const command = start();
        let stderr = "";
        command.stderr?.on("data", (text) => {
          stderr += text;
        });
        await until(() => lines().length > 60, "the first seeds");
        command.kill(signal);
        const [status] = await once(command, "close");
        assert.equal(status, exit);
        assert.match(stderr, said);
        assert.deepEqual(
          files("out").map((name) => name.replace(/^.*\.jsonl/, "")),
          [".partial"],
        );
        const kept = lines();
        assert.ok(kept.length > 60 && kept.length < 500, `${kept.length} lines`);
        for (const line of kept.slice(0, -1)) JSON.parse(line);
        // a seed that is not measured again keeps what was written of it
        const marked = '{"seed":7,"marked":true}';
        const text = kept.join("\n").replace(/^\[7,0,.*\]$/m, `[7,0,${marked}]`);
        assert.ok(text.includes(marked));
        writeFileSync(pathOf("out", ".partial"), text);
        appendFileSync(pathOf("out", ".partial"), '[500,0,{"see');

        assert.equal(record("out", ...SEEDS).status, 0);
        record("once", ...SEEDS);
        const [resumed, once_] = [readRecord(read("out")), readRecord(read("once"))];
        assert.deepEqual(resumed.rows[0].results, [JSON.parse(marked)]);
        assert.deepEqual(resumed.rows.slice(1), once_.rows.slice(1));
        assert.equal(recordText({ ...resumed, rows: once_.rows }), read("once"));
        assert.equal(files("out").length, 1);
      });
    }

    it("by a disk that is full, loses no finished seed, says so, and exits with 1", function () {
      if (process.platform === "win32") this.skip();
      // no file may grow beyond 20 blocks: the write fails in the middle of a line, as on a full disk
      const args = [CLI, "01", "--study", "seeds", ...SMALL, "--out", "out", "--seeds", "200"];
      const command = `ulimit -f 20; exec "$0" "$@"`;
      const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, ...args], {
        cwd: folder(),
        env: environment,
        encoding: "utf8",
      });
      assert.match(
        stderr,
        /^EFBIG: file too large, write; the results so far are kept in .*\.partial; free some space and run the same command again\n$/,
      );
      assert.equal(status, 1);
      const kept = lines();
      assert.ok(kept.length > 10, `${kept.length} lines`);
      assert.equal(kept[kept.length - 1], "");
      for (const line of kept.slice(0, -1)) JSON.parse(line);
      assert.equal(record("out", "--seeds", "200").status, 0);
      record("once", "--seeds", "200");
      assert.equal(read("out"), read("once"));
    });
  });

  describe("in a folder where another one records", () => {
    const lock = (): string => join(folder(), "out", "recording.lock");
    const locked = (text: string): ReturnType<typeof run> => {
      mkdirSync(join(folder(), "out"));
      writeFileSync(lock(), text);
      return record("out", "--seeds", "3");
    };

    it("refuses while that lives", () => {
      const { status, stderr } = locked(`${process.pid} on ${hostname()}\n`);
      assert.equal(
        stderr,
        `process ${process.pid} on ${hostname()} is recording into this folder; wait for it, or delete ${lock()} if it no longer runs\n`,
      );
      assert.equal(status, 2);
      assert.deepEqual(readdirSync(join(folder(), "out")), ["recording.lock"]);
    });

    it("refuses where nobody here can know whether it lives", () => {
      const { pid } = spawnSync(process.execPath, ["--version"]);
      assert.equal(locked(`${pid} on another-machine\n`).status, 2);
    });

    it("takes the lock of a dead one over, and leaves none", () => {
      const { pid } = spawnSync(process.execPath, ["--version"]);
      const { status, stderr } = locked(`${pid} on ${hostname()}\n`);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(readdirSync(join(folder(), "out")), ["01-baseline"]);
    });

    it("takes one over that a full disk has cut off", () => {
      assert.equal(locked("12").status, 0);
    });

    it("records a shard beside another shard", () => {
      mkdirSync(join(folder(), "out"));
      writeFileSync(
        join(folder(), "out", "recording.shard-1-of-2.lock"),
        `${process.pid} on ${hostname()}\n`,
      );
      assert.equal(record("out", "--seeds", "3", "--shard", "1/2").status, 2);
      assert.equal(record("out", "--seeds", "3", "--shard", "2/2").status, 0);
    });
  });
});

/** The text with the last line that goes with the others. */
function mended(text: string): string {
  const body = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);
  return `${body}${JSON.stringify({ seeds: body.split("\n").length - 2, digest: digestOf(body) })}\n`;
}
