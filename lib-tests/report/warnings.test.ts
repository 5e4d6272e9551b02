import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { freshFolder, until, writeNotebook } from "./toys.js";

const CLI = join(__dirname, "../../src/report/cli.js");
const COMMANDS = join(__dirname, "../../src/report/command-line.js");

const show = (...figures: object[]): string =>
  `const { display } = require("tslab");\n${figures
    .map((figure) => `display.raw("application/vnd.plotly.v1+json", ${JSON.stringify(figure)});`)
    .join("\n")}`;

describe("charts that cannot be drawn", () => {
  const folder = freshFolder();

  it("cost the report neither its other charts nor its end: warnings name their cells", () => {
    writeNotebook(
      folder(),
      "charts",
      show({ data: [{ y: [1, 2] }], layout: {} }),
      show(
        { data: [{ type: "scattergeo", lon: [10], lat: [50] }], layout: {} },
        { data: [null], layout: {} },
      ),
      show({ data: [{ type: "surface", z: [[1, 2]] }], layout: {} }),
    );
    writeNotebook(folder(), "beside", "'beside it'");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [CLI, "charts.ipynb", "beside.ipynb", "--out", "out"],
      { cwd: folder(), encoding: "utf8" },
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^ok {6}charts /m);
    assert.match(stdout, /^ok {6}beside /m);
    const warned = stderr.trimEnd().split("\n").sort();
    assert.equal(warned.length, 3, stderr);
    for (const [index, [cell, why]] of [
      [2, "Cannot read properties of null"],
      [2, "nothing is loaded from a network"],
      [3, "its kind of chart needs WebGL"],
    ].entries())
      assert.match(
        warned[index] as string,
        new RegExp(`^warning charts, code cell ${cell}: a chart has no complete still picture: ${why}`),
      );
    const page = readFileSync(join(folder(), "out", "charts.html"), "utf8");
    assert.equal(page.match(/This chart has no still picture/g)?.length, 3);
    assert.match(readFileSync(join(folder(), "out", "index.html"), "utf8"), /<img src="data:image\/svg\+xml/);
  });

  it("do not keep a signal waiting", async function () {
    if (process.platform === "win32") this.skip();
    // Plotly counts every tick
    const endless = show({ data: [{ y: [1, 3] }], layout: { yaxis: { dtick: 1e-12 } } });
    writeNotebook(folder(), "endless", `${endless}\nrequire("fs").writeFileSync("ran", "");`);
    const command = spawn(process.execPath, [CLI, "endless.ipynb", "--out", "out"], {
      cwd: folder(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const stderr = text(command.stderr);
    await until(() => existsSync(join(folder(), "ran")), "the cell");
    await new Promise((next) => setTimeout(next, 5_000));
    command.kill("SIGINT");
    const [code] = await once(command, "exit");
    assert.equal(code, 130);
    assert.match(await stderr, /^SIGINT: stopped; /);
    assert.equal(existsSync(join(folder(), "out", "endless.html")), false);
  });
});

describe("a command that never comes to a result", () => {
  it("has failed", () => {
    const script = `require(${JSON.stringify(COMMANDS)}).runCommand(() => new Promise(() => {}))`;
    assert.equal(spawnSync(process.execPath, ["-e", script]).status, 1);
  });

  it("has failed, too, when it comes to a result that it cannot tell", function () {
    if (process.platform !== "linux") this.skip();
    const script = `require(${JSON.stringify(COMMANDS)}).runCommand(async () => { console.log("told"); return 0; })`;
    const stdio = ["ignore", openSync("/dev/full", "w"), "pipe"] as const;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], {
      stdio: [...stdio],
      encoding: "utf8",
    });
    assert.deepEqual(
      [status, stderr],
      [1, "stopped, for nothing more can be told: ENOSPC: no space left on device, write\n"],
    );
  });
});
