import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { tcpConnection } from "../../src/report/connection.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { skipUnless } from "../support/skip.js";
import { freshFolder, processesWith, until } from "./toys.js";

const LAB = join(__dirname, "../../src/report/lab.js");

describe("npm run lab", () => {
  const folder = freshFolder();
  const bin = (): string => join(folder(), "bin");
  const temporary = (): string => join(folder(), "tmp");
  const runtime = (): string => join(folder(), "run");

  beforeEach(() => {
    mkdirSync(bin());
    mkdirSync(temporary());
  });
  afterEach(() => assert.deepEqual(readdirSync(temporary()), []));

  /** Starts the command with a home of its own; `path` is where programs are looked for. */
  const start = (path: string, ...args: string[]): ChildProcess =>
    spawn(process.execPath, [LAB, ...args], {
      cwd: folder(),
      env: {
        ...process.env,
        PATH: path,
        HOME: folder(),
        JUPYTER_PATH: join(folder(), "mine"),
        JUPYTER_RUNTIME_DIR: runtime(),
        TMPDIR: temporary(),
        TEMP: temporary(),
        TMP: temporary(),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });

  /** Puts a program there that tells its version, and else notes how it was called and ends with code 7. */
  function pretend(name: string): void {
    const source = `#!${process.execPath}
      const { readFileSync, statSync, writeFileSync } = require("node:fs");
      if (process.argv.includes("--version")) process.exit(0);
      const [ours, theirs] = process.env.JUPYTER_PATH.split(":");
      const spec = JSON.parse(readFileSync(ours + "/kernels/tslab/kernel.json", "utf8"));
      const call = { name: ${JSON.stringify(name)}, args: process.argv.slice(2), cwd: process.cwd(), theirs, spec };
      writeFileSync(${JSON.stringify(join(folder(), "call.json"))}, JSON.stringify(call));
      process.exit(7);`;
    writeFileSync(join(bin(), name), source, { mode: 0o755 });
  }

  it("starts JupyterLab rather than the classic Notebook, in notebooks/, with our kernel", async function () {
    if (process.platform === "win32") this.skip();
    pretend("jupyter-notebook");
    pretend("jupyter-lab");
    const [code] = await once(start(bin(), "--port", "9999"), "exit");
    assert.equal(code, 7);
    const call = JSON.parse(readFileSync(join(folder(), "call.json"), "utf8"));
    assert.equal(call.name, "jupyter-lab");
    assert.deepEqual(call.args, ["-y", "--KernelManager.transport=ipc", "--port", "9999"]);
    assert.equal(call.cwd, join(PACKAGE_ROOT, "notebooks"));
    assert.equal(call.theirs, join(folder(), "mine"));
    assert.equal(call.spec.argv[0], process.execPath);
    assert.deepEqual(call.spec.argv.slice(2), ["{connection_file}"]);
    assert.equal(call.spec.language, "typescript");
  });

  it("takes the classic Notebook where that is all there is", async function () {
    if (process.platform === "win32") this.skip();
    pretend("jupyter-notebook");
    await once(start(bin()), "exit");
    assert.equal(JSON.parse(readFileSync(join(folder(), "call.json"), "utf8")).name, "jupyter-notebook");
  });

  it("tells how it is used, and starts nothing", async function () {
    if (process.platform === "win32") this.skip();
    pretend("jupyter-lab");
    for (const option of ["--help", "-h"]) {
      const command = start(bin(), "--no-browser", option);
      assert.ok(command.stdout);
      const [[code], help] = await Promise.all([once(command, "exit"), text(command.stdout)]);
      assert.equal(code, 0);
      assert.match(help, /^npm run lab /);
      assert.match(help, /jupyter lab --help/);
    }
    assert.equal(readdirSync(folder()).includes("call.json"), false);
  });

  it("says how to get Jupyter where there is none", async () => {
    const command = start(bin());
    assert.ok(command.stderr);
    const [[code], message] = await Promise.all([once(command, "exit"), text(command.stderr)]);
    assert.equal(code, 1);
    for (const remedy of [
      "-m venv .venv",
      "pip install jupyterlab",
      "conda install",
      "apt install",
      "PEP 668",
    ])
      assert.ok(message.includes(remedy));
  });

  it("runs kernels in the Jupyter of this machine, and ends them all on Ctrl-C", async function () {
    const installed = ["jupyter-lab", "jupyter-notebook"].some(
      (name) => spawnSync(name, ["--version"]).status === 0,
    );
    skipUnless(this, installed && process.platform !== "win32", "no Jupyter on this machine");
    const { shell_port: port } = await tcpConnection();
    const args = [
      "--no-browser",
      "--allow-root",
      `--port=${port}`,
      "--port-retries=0",
      "--ServerApp.token=t",
    ];
    const command = start(process.env.PATH ?? "", ...args, "--NotebookApp.token=t");
    const log = command.stderr ? text(command.stderr) : assert.fail();
    const ended = once(command, "exit");
    const api = async (path: string, request: RequestInit = {}): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${port}/api/${path}?token=t`, request);
      return response.ok ? response.json() : assert.fail(`${path}: ${response.status}`);
    };
    try {
      let specs: unknown;
      await until(async () => {
        specs = await api("kernelspecs").catch(() => undefined);
        return specs !== undefined;
      }, "the server");
      assert.ok(JSON.stringify(specs).includes(JSON.stringify(process.execPath)));
      await api("kernels", { method: "POST", body: JSON.stringify({ name: "tslab" }) });
      await until(() => processesWith(folder()).some((line) => line.includes("kernel-start")), "the kernel");
      // not reachable from a network, nor by other users
      const sockets = (): string[] =>
        readdirSync(runtime()).filter((name) => statSync(join(runtime(), name)).isSocket());
      await until(() => sockets().length === 5, "the kernel's sockets");
      assert.equal((statSync(runtime()).mode & 0o777).toString(8), "700");
    } finally {
      command.kill("SIGINT");
      await ended;
    }
    assert.equal(command.exitCode, 0, await log);
    await until(() => processesWith(folder()).length === 0, "the end of the kernel");
    // nothing was registered
    assert.deepEqual(
      readdirSync(folder(), { recursive: true }).filter((name) => String(name).endsWith("kernel.json")),
      [],
    );
  });
});
