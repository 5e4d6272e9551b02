import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { JSDOM } from "jsdom";
import { code, freshFolder, processesWith, until, writeNotebook } from "./toys.js";

const CLI = join(__dirname, "../../src/report/cli.js");

describe("npm run report", () => {
  const folder = freshFolder();
  const out = (): string => join(folder(), "out");
  /** The temporary folder of the command and its kernels. */
  const temporary = (): string => join(folder(), "tmp");

  beforeEach(() => mkdirSync(temporary()));
  afterEach(async () => {
    await until(() => processesWith(folder()).length === 0, "the end of all processes");
    assert.deepEqual(readdirSync(temporary()), []);
  });

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [CLI, ...args], {
      cwd: folder(),
      env: { ...process.env, TMPDIR: temporary(), TEMP: temporary(), TMP: temporary() },
      stdio: ["ignore", "pipe", "pipe"],
    });

  async function outcome(
    command: ChildProcess,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    assert.ok(command.stdout && command.stderr);
    const [[status], stdout, stderr] = await Promise.all([
      once(command, "exit"),
      text(command.stdout),
      text(command.stderr),
    ]);
    return { code: status, stdout, stderr };
  }

  const read = (name: string): string => readFileSync(join(out(), name), "utf8");
  const index = (): { name: string; status: string; [key: string]: unknown }[] =>
    JSON.parse(read("index.json")).notebooks;

  it("reports on the notebooks that succeed, tells why others failed, and keeps their earlier reports", async () => {
    writeNotebook(
      folder(),
      "good",
      code("const a = 1;\nconst b = 1;", "parameters"),
      "'sum ' + (a + b) + ', workers ' + process.env.GLASS_HOUSE_WORKERS",
    );
    writeNotebook(folder(), "bad", "1", "const a: string = 1;");
    writeNotebook(folder(), "endless", "while (true) {}");
    writeFileSync(join(folder(), "broken.ipynb"), "{");
    mkdirSync(out());
    writeFileSync(join(out(), "bad.html"), "earlier");

    const notebooks = ["good", "bad", "endless", "broken"].map((name) => `${name}.ipynb`);
    const all = await outcome(start(...notebooks, "--out", "out", "--timeout", "2", "--jobs", "2"));
    assert.equal(all.code, 1);
    assert.match(
      all.stdout,
      /^Runs 4 notebooks, 2 at a time, in some \d+ s \(as a rule.*\); reports go to .*out\nok {6}good {2}\d+\.\d s {2}out[\\/]good\.html\n1 succeeded, 3 failed in \d+\.\d s\nOpen in a browser: file:\/\/.*\/out\/index\.html\n$/,
    );
    assert.match(
      all.stderr,
      /^failed {2}bad, code cell 2 .*\n +1:7 - Type 'number' is not assignable to type 'string'\.\n/m,
    );
    assert.match(
      all.stderr,
      /^failed {2}endless, code cell 1 .*\n +stopped: the cell ran for more than 2 s\n/m,
    );
    assert.match(all.stderr, /^failed {2}broken {2}.*\n.*broken\.ipynb is not JSON: /m);
    const workers = Math.max(1, Math.floor(availableParallelism() / 2));
    assert.match(read("good.html"), new RegExp(`sum 2, workers ${workers}\\b`));
    assert.equal(read("bad.html"), "earlier");
    assert.deepEqual(readdirSync(out()).sort(), ["bad.html", "good.html", "index.html", "index.json"]);
    assert.deepEqual(
      index().map(({ name, status }) => [name, status]),
      [
        ["bad", "failed"],
        ["broken", "failed"],
        ["endless", "failed"],
        ["good", "ok"],
      ],
    );
    assert.deepEqual(index()[3].parameters, { a: 1, b: 1 });
    assert.deepEqual(Object.keys(index()[3]).sort(), [
      "changes",
      "charts",
      "claim",
      "madeFrom",
      "name",
      "parameters",
      "report",
      "seconds",
      "sha256",
      "status",
      "title",
      "verdict",
    ]);
    assert.match(JSON.stringify(index()[0].failure), /"cell":2,.*not assignable/);

    // a run of one of them says what it says, and keeps what the index said of those that have a report
    const one = await outcome(start("good.ipynb", "--out", "out"));
    assert.equal(one.code, 0);
    assert.equal(one.stderr, "");
    assert.match(one.stdout, /^Runs 1 notebook in some \d+ s \(going by the last run\); .*\n/);
    assert.match(one.stdout, /\nOpen in a browser: file:\/\/.*\/out\/good\.html\n$/);
    assert.deepEqual(
      index().map(({ name, status }) => [name, status]),
      [
        ["bad", "failed"],
        ["good", "ok"],
      ],
    );
    assert.deepEqual(index()[1].parameters, { a: 1, b: 1 });
  });

  it("keeps a notebook's own report and those with other values apart, whichever is made anew", async () => {
    const path = writeNotebook(
      folder(),
      "toy",
      code("const a = 1;\nconst b = 'x';".replaceAll("'", '"'), "parameters"),
      "[a, b]",
    );
    const run = async (...set: string[]): Promise<void> => {
      const args = set.flatMap((assignment) => ["--set", assignment]);
      const { code: status, stderr } = await outcome(start("toy.ipynb", "--out", "out", ...args));
      assert.equal(status, 0, stderr);
    };
    const pages = (): Record<string, string> =>
      Object.fromEntries(
        readdirSync(out())
          .filter((name) => name.startsWith("toy"))
          .map((name) => [name, read(name)]),
      );
    await run();
    const own = pages();
    assert.deepEqual(Object.keys(own), ["toy.html"]);

    await run("a=2", "b=it's $(here)");
    const both = pages();
    const [changed, ...others] = Object.keys(both).filter((name) => name !== "toy.html");
    assert.deepEqual(others, []);
    assert.match(changed, /^toy\.changed-[\da-f]{8}\.html$/);
    assert.equal(both["toy.html"], own["toy.html"]);
    const page = new JSDOM(both[changed]).window.document;
    assert.match(
      page.querySelector(".changes")?.textContent ?? "",
      /changed parameters\s+a = 2 in the place of 1\s/,
    );
    const command = [...page.querySelectorAll("footer dd")].at(-1)?.textContent;
    assert.equal(command, `npm run report -- ${path} --set "a=2" --set "b='it\\u0027s \\u0024(here)'"`);
    assert.deepEqual(
      index().map(({ report, changes }) => [`${report}.html`, changes]),
      [
        ["toy.html", []],
        [
          changed,
          [
            { name: "a", value: 2, original: 1 },
            { name: "b", value: "it's $(here)", original: "x" },
          ],
        ],
      ],
    );

    // the same values in another order, others, and none
    await run("b=it's $(here)", "a=2");
    assert.deepEqual(Object.keys(pages()), [changed, "toy.html"]);
    await run("a=3");
    await run();
    assert.equal(Object.keys(pages()).length, 3);
    assert.equal(pages()[changed].includes("in the place of"), true);
    assert.equal(pages()["toy.html"].includes("in the place of"), false);
    assert.equal(index().length, 3);
  });

  it("has sums of the reports and of what they were made from in its index, which can be checked as we say", async function () {
    if (process.platform !== "linux") this.skip();
    const manual = readFileSync(join(__dirname, "../../../environment.md"), "utf8");
    const commands = manual.match(/^ {4}.*\| sha256sum -c\)?$/gm) ?? [];
    assert.equal(commands.length, 2);
    const checked = (command: string): string =>
      spawnSync("sh", ["-c", command], { cwd: folder(), encoding: "utf8" }).stdout;
    const recording = join(folder(), "evidence", "one", "seeds.jsonl");
    mkdirSync(dirname(recording), { recursive: true });
    writeFileSync(recording, "recorded");
    const [one, two] = ["one", "two"].map((name) => writeNotebook(folder(), name, "1"));
    assert.equal((await outcome(start("one.ipynb", "two.ipynb", "--out", "reports"))).code, 0);
    const [reports, sources] = commands;
    assert.equal(checked(reports), "one.html: OK\ntwo.html: OK\n");
    assert.equal(checked(sources), `${one}: OK\n${recording}: OK\n${two}: OK\n`);

    appendFileSync(join(folder(), "reports", "one.html"), " ");
    appendFileSync(recording, " ");
    assert.equal(checked(reports), "one.html: FAILED\ntwo.html: OK\n");
    assert.equal(checked(sources), `${one}: OK\n${recording}: FAILED\n${two}: OK\n`);
  });

  it("runs the tslab of this package, whatever lies above the notebook", async () => {
    writeNotebook(folder(), "toy", "1");
    const local = join(folder(), "node_modules", "tslab", "dist");
    mkdirSync(local, { recursive: true });
    writeFileSync(join(local, "main.js"), "throw new Error('somebody else's');");
    const { code: status, stderr } = await outcome(start("toy.ipynb", "--out", "out"));
    assert.deepEqual([status, stderr], [0, ""]);
  });

  describe("refuses before any kernel starts", () => {
    const cases: readonly [what: string, args: string[], message: RegExp][] = [
      ["an unknown option", ["--fast"], /^Unknown option '--fast'/],
      [
        "a parameter that is not there",
        ["--set", "b=1"],
        /^none of the chosen .* named b\ntoy has:\n {2}a = 1 \/\/ whole$/,
      ],
      ["a folder that cannot be written", ["--out", "toy.ipynb"], /^cannot write reports to .*toy\.ipynb: /],
      [
        "an index of somebody else's",
        ["--out", "theirs"],
        /^the index in .*theirs was not written by npm run report/,
      ],
      ["no time at all", ["--timeout", "0"], /^--timeout must be a number of seconds > 0 .*, got "0"$/],
      ["half a job", ["--jobs", "1.5"], /^--jobs must be a whole number >= 1, got "1\.5"$/],
    ];
    for (const [what, args, message] of cases) {
      it(what, async () => {
        writeNotebook(
          folder(),
          "toy",
          code("const a = 1; // whole", "parameters"),
          "require('fs').writeFileSync('ran', '')",
        );
        mkdirSync(join(folder(), "theirs"));
        writeFileSync(join(folder(), "theirs", "index.html"), "theirs");
        const { code: status, stdout, stderr } = await outcome(start("toy.ipynb", ...args));
        assert.match(stderr.trimEnd(), message);
        assert.equal(status, 2);
        assert.equal(stdout, "");
        assert.equal(existsSync(join(folder(), "ran")), false);
        assert.deepEqual(readdirSync(join(folder(), "theirs")), ["index.html"]);
      });
    }
  });

  it("opens the report where that is asked for, and fails no run where it cannot", async function () {
    if (process.platform !== "linux") this.skip();
    writeNotebook(folder(), "toy", "1");
    const opener = join(folder(), "xdg-open");
    const run = (): ReturnType<typeof outcome> => {
      const env = { ...process.env, TMPDIR: temporary(), PATH: folder() };
      const args = [CLI, "toy.ipynb", "--out", "out", "--open"];
      return outcome(
        spawn(process.execPath, args, { cwd: folder(), env, stdio: ["ignore", "pipe", "pipe"] }),
      );
    };
    const missing = await run();
    assert.equal(missing.code, 0);
    assert.match(missing.stderr, /^no browser could be opened \(.*xdg-open.*ENOENT\)\n$/);
    assert.match(missing.stdout, /\nOpen in a browser: file:.*\n$/);

    writeFileSync(opener, `#!${process.execPath}\nrequire("fs").writeFileSync("opened", process.argv[2]);`, {
      mode: 0o755,
    });
    const opened = await run();
    assert.deepEqual([opened.code, opened.stderr], [0, ""]);
    assert.match(opened.stdout, /\nOpened: file:.*toy\.html\n$/);
    assert.equal(readFileSync(join(folder(), "opened"), "utf8"), join(out(), "toy.html"));

    writeFileSync(opener, `#!${process.execPath}\nprocess.exit(3);`, { mode: 0o755 });
    const refused = await run();
    assert.deepEqual(
      [refused.code, refused.stderr],
      [0, "no browser could be opened (xdg-open ended with 3)\n"],
    );
  });

  it("notices that npm kept an option for itself", () => {
    const env = { ...process.env, npm_lifecycle_event: "report", npm_config_set: "true" };
    const { status, stderr } = spawnSync(process.execPath, [CLI, "a=5"], { env, encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /^npm took --set for its own; put -- before the options: /);
  });

  it("does not take for an option what npm's own settings say", () => {
    writeFileSync(join(folder(), ".npmrc"), 'timeout = "60000"\n');
    const run = (timeout: string): number | null =>
      spawnSync(process.execPath, [CLI, "--help"], {
        env: {
          ...process.env,
          npm_lifecycle_event: "report",
          npm_config_local_prefix: folder(),
          npm_config_timeout: timeout,
        },
      }).status;
    assert.deepEqual([run("60000"), run("true")], [0, 2]);
  });

  it("tells how it is used", async () => {
    const { code: status, stdout } = await outcome(start("--help"));
    assert.equal(status, 0);
    assert.match(stdout, /^npm run report /);
    for (const option of ["--set", "--out", "--timeout", "--jobs", "--open", "--help"])
      assert.match(stdout, new RegExp(`  ${option}`));
  });

  describe("when it is stopped", () => {
    const earlier = { "first.html": "earlier", "index.html": "earlier", "index.json": '{"notebooks":[]}' };
    const kernelsStart = (): boolean =>
      readdirSync(temporary()).some((name) => existsSync(join(temporary(), name, "connection.json")));
    const cellsRun = (): boolean => ["first", "second"].every((name) => existsSync(join(folder(), name)));
    const moments: readonly [
      signal: NodeJS.Signals,
      when: string,
      reached: () => boolean,
      exit: number | null,
    ][] = [
      ["SIGINT", "while kernels start", kernelsStart, 130],
      ["SIGINT", "while cells run", cellsRun, 130],
      ["SIGTERM", "while kernels start", kernelsStart, 143],
      ["SIGHUP", "while cells run", cellsRun, 129],
      ["SIGQUIT", "while cells run", cellsRun, 131],
      ["SIGABRT", "while cells run", cellsRun, 134],
      // nobody can handle it: the kernels see that their parent is gone
      ["SIGKILL", "while cells run", cellsRun, null],
    ];
    for (const [signal, when, reached, exit] of moments) {
      it(`by ${signal} ${when}, leaves no process, no file, and the earlier reports`, async function () {
        if (process.platform === "win32") this.skip();
        for (const name of ["first", "second"]) {
          // The processes that the cell starts have the folder in their command line, for processesWith. One leaves the
          // kernel's group, and can be found on Linux only.
          writeNotebook(
            folder(),
            name,
            `for (const detached of [false, process.platform === "linux"]) {
               require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", process.cwd()], { detached });
             }
             require("fs").writeFileSync("${name}", "");
             while (true) {}`,
          );
        }
        mkdirSync(out());
        for (const [file, content] of Object.entries(earlier)) writeFileSync(join(out(), file), content);
        const command = start("first.ipynb", "second.ipynb", "--out", "out", "--jobs", "2");
        await until(reached, when);
        command.kill(signal);
        const { code: status, stderr } = await outcome(command);
        assert.equal(status, exit);
        if (exit !== null)
          assert.match(stderr, new RegExp(`^${signal}: stopped; no report in .* is left incomplete, `));
        assert.deepEqual(readdirSync(out()).sort(), Object.keys(earlier));
        for (const [file, content] of Object.entries(earlier)) assert.equal(read(file), content);
      });
    }

    it("has an index that tells of those that had ended, as it says", async function () {
      if (process.platform === "win32") this.skip();
      writeNotebook(folder(), "quick", "1");
      // what is put out without an end does not keep the command from hearing Ctrl-C
      writeNotebook(folder(), "endless", "while (true) console.log('a'.repeat(1000));");
      const command = start("quick.ipynb", "endless.ipynb", "--out", "out", "--jobs", "2");
      await until(() => existsSync(join(out(), "index.json")), "the first report");
      command.kill("SIGINT");
      const { code: status, stderr } = await outcome(command);
      assert.equal(status, 130);
      assert.match(stderr, /the index lists the finished ones\n$/);
      assert.deepEqual(readdirSync(out()).sort(), ["index.html", "index.json", "quick.html"]);
      assert.deepEqual(
        index().map(({ name }) => name),
        ["quick"],
      );
    });
  });
});
