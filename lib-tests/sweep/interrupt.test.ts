/** Sweeps in processes of their own: in a tslab kernel, and on a command line. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Kernel } from "../../src/report/kernel.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import type { Message } from "../../src/report/messages.js";

/** What both begin with; it is JavaScript as well as TypeScript. */
const PREAMBLE = `
  const { sweep, SweepInterruptedError } = require("../../src/sweep/index.js");
  const toys = require("./toys.js");
  const modules = [require.resolve("./toys.js")];`;

describe("a sweep in a tslab kernel", () => {
  // Windows has no SIGINT that one process could send to another
  if (process.platform === "win32") return;
  let kernel: Kernel;
  let pid: number;

  /** Executes a cell; `onText` gets each text as it comes. */
  async function execute(
    code: string,
    onText: (text: string) => void = () => {},
  ): Promise<{ status: string; stdout: string; stderr: string }> {
    const texts = { stdout: "", stderr: "" };
    const onOutput = ({ header, content }: Message): void => {
      if (header.msg_type !== "stream") return;
      texts[content.name as "stdout" | "stderr"] += content.text;
      onText(content.text as string);
    };
    const { status } = await kernel.execute(code, { timeout: 20, onOutput });
    return { status, ...texts };
  }

  /** Presses the interrupt button when the cell says "running". */
  const interrupted = (code: string): ReturnType<typeof execute> =>
    execute(code, (text) => {
      if (text.includes("running")) process.kill(pid, "SIGINT");
    });

  before(async () => {
    kernel = await Kernel.start({ cwd: __dirname });
    pid = Number((await execute(`${PREAMBLE}\nconsole.log(process.pid)`)).stdout);
  });
  after(async () => {
    await kernel.shutdown();
  });

  const works = async (): Promise<void> => {
    const { status, stdout, stderr } = await execute(
      "console.log(await sweep([1, 2, 3], toys.busy, { modules: modules }))",
    );
    assert.deepEqual([status, stdout, stderr], ["ok", "[ 1, 2, 3 ]\n", ""]);
  };

  const sweepCell = (name: string): string => `
    const keep${name} = sweep([1, 2, Infinity, Infinity], toys.busy, {
      workers: 2, modules: modules, onProgress: (done) => { if (done >= 2) console.log("running"); },
    }).catch((error) => { (globalThis as any).${name} = error; throw error; });
    await keep${name};`;
  /** What the interrupted sweep of a cell rejected with. */
  const rejectionOf = (name: string): string => `
    const seen${name} = (globalThis as any).${name};
    console.log(seen${name} instanceof SweepInterruptedError, seen${name}.results, seen${name}.message)`;
  const REJECTED =
    "true [ 1, 2, undefined, undefined ] interrupted after 2 of 4 points: SIGINT (the interrupt button, or Ctrl-C)\n";

  it("works", works);

  it("is ended by the interrupt button, and keeps its results; the kernel works on", async () => {
    for (const name of ["first", "second"]) {
      assert.equal((await interrupted(sweepCell(name))).status, "error");
      // after a cell that failed tslab takes nothing for a while
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal((await execute(rejectionOf(name))).stdout, REJECTED);
      await works();
    }
  });

  it("runs a cell's own function in the kernel's thread, and says so once", async () => {
    const { stdout } = await execute(`
      const { threadId } = require("node:worker_threads");
      function half(x: number): number[] { return [x / 2, threadId]; }
      console.log(await sweep([1, 2, 3], half));`);
    assert.equal(
      stdout,
      "half is not exported by a module that workers can load: the sweep runs in this thread, one point after the other.\n" +
        "[ [ 0.5, 0 ], [ 1, 0 ], [ 1.5, 0 ] ]\n",
    );
  });

  it("of a cell's own function is ended by the interrupt button after the point it is at", async () => {
    const cell = `
      function slow(x: number): number { toys.busy(x); return x; }
      const keepSlow = sweep(Array(200).fill(100), slow, {
        onNote: () => {}, onProgress: (done) => { if (done === 3) console.log("running"); },
      }).catch((error) => { (globalThis as any).slow = error; throw error; });
      await keepSlow;`;
    assert.equal((await interrupted(cell)).status, "error");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { stdout } = await execute(`
      const seenSlow = (globalThis as any).slow;
      const doneSlow = seenSlow.results.filter((result) => result === 100).length;
      console.log(seenSlow instanceof SweepInterruptedError, doneSlow >= 3 && doneSlow < 20, seenSlow.message)`);
    assert.match(stdout, /^true true interrupted after \d+ of 200 points: SIGINT/);
    await works();
  });

  it("of environment.md's example runs as it stands there", async () => {
    const environment = readFileSync(join(PACKAGE_ROOT, "environment.md"), "utf8");
    const [, code] = /^## The package, whole\n.*?\n\n((?: {4}[^\n]*\n|\n)+)/ms.exec(environment) ?? [];
    const { status, stderr } = await execute(code);
    assert.deepEqual([status, stderr], ["ok", ""]);
    const { stdout } = await execute(
      "console.log(losses.length, losses.every((loss) => loss > 0 && loss < 0.7))",
    );
    assert.equal(stdout, "8 true\n");
  });

  it("leaves the interrupt button to the cells after it", async () => {
    const { status } = await interrupted('console.log("running"); for (;;);');
    assert.equal(status, "error");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const listeners = await execute('await null; console.log(process.listenerCount("SIGINT"))');
    assert.equal(listeners.stdout, "1\n", "tslab's own, and no other");
    await works();
  });
});

describe("a sweep on a command line", () => {
  /** Runs a script; `onText` gets what it prints. */
  async function run(
    script: string,
    onText: (text: string, pid: number) => void = () => {},
  ): Promise<{ code: number | null; signal: string | null; text: string }> {
    const child = spawn(process.execPath, ["-e", `${PREAMBLE}${script}`], {
      cwd: __dirname,
      timeout: 20_000,
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        onText(part, child.pid as number);
      });
    }
    const [code, signal] = await once(child, "close");
    return { code, signal, text };
  }

  it("lets the process end when it has nothing else to do", async () => {
    const { code, text } = await run("sweep([1, 2, 3], toys.busy, { modules }).then(console.log)");
    assert.equal(text, "[ 1, 2, 3 ]\n");
    assert.equal(code, 0);
  });

  it("is ended by Ctrl-C, with the process", async function () {
    if (process.platform === "win32") this.skip();
    const { signal } = await run(
      'sweep([0, 0], toys.endless, { modules, onProgress: () => console.log("running") })',
      (text, pid) => {
        if (text.includes("running")) process.kill(pid, "SIGINT");
      },
    );
    assert.equal(signal, "SIGINT");
  });
});
