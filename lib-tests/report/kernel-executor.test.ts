import assert from "node:assert/strict";
import { join } from "node:path";
import { Kernel } from "../../src/report/kernel.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import type { Message } from "../../src/report/messages.js";

describe("a kernel around its cells", () => {
  let kernel: Kernel;
  let messages: Message[];

  beforeEach(async () => {
    messages = [];
    kernel = await Kernel.start({ cwd: join(PACKAGE_ROOT, "notebooks") });
  });
  afterEach(() => kernel.shutdown());

  const execute = (code: string, timeout = 60): Promise<unknown> =>
    kernel.execute(code, { timeout, onOutput: (message) => messages.push(message) });
  const stderr = (): string =>
    messages.map(({ content }) => (content.name === "stderr" ? content.text : "")).join("");
  const displayed = (): unknown[] =>
    messages.flatMap(({ content }) => (content.data as Record<string, unknown>)?.["text/plain"] ?? []);

  it("says of a cell that is run before those above it what to do, and then what it misses", async () => {
    assert.deepEqual(await execute("const rate: number = learningRate;"), {
      status: "error",
      execution_count: 1,
    });
    assert.equal(
      stderr(),
      "Run the cells above first: no cell run so far declares learningRate.\n" +
        "1:22 - Cannot find name 'learningRate'.\n",
    );
  });

  it("says of an import that the package does not have where to take the notebook from", async () => {
    await execute(`import { noSuchName } from "glass-house";`);
    assert.match(
      stderr(),
      /^If every name is spelled correctly.*notebooks\/ again.*\n.*no exported member 'noSuchName'/,
    );
  });

  it("begins with what is wrong about a parameter", async () => {
    await execute(`import { makeMoons } from "glass-house";`);
    await execute("makeMoons({ points: -3 } as any);");
    assert.match(stderr(), /^(?:Range|Type)Error: \w+ must be /);
  });

  // the interrupt button is this signal
  const interrupt = 'process.kill(process.pid, "SIGINT");';
  for (const [what, wait] of [
    ["in a loop", `${interrupt} while (true) {}`],
    ["while it awaits", `setTimeout(() => { ${interrupt} }); await new Promise(() => {});`],
  ]) {
    it(`has the progress line of a cell that is interrupted ${what} say so`, async function () {
      if (process.platform === "win32") this.skip();
      await execute(`import { progress } from "glass-house";`);
      await execute(`const line = progress("trainings"); line.update(12, 40); ${wait}`);
      assert.equal(displayed().at(-1), "interrupted after 12 of 40 trainings");
    });
  }
});
