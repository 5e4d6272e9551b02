import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Dealer } from "zeromq";
import { address, tcpConnection } from "../../src/report/connection.js";
import { Kernel, type KernelOptions } from "../../src/report/kernel.js";
import { kernelCommand } from "../../src/report/kernel-command.js";
import { encodeRequest, type Message } from "../../src/report/messages.js";
import { freshFolder, processesWith, until } from "./toys.js";

/** A command that notes the connection files it is called with. */
function noting(command: (connectionFile: string) => string[]): {
  files: string[];
  command: (connectionFile: string) => string[];
} {
  const files: string[] = [];
  return {
    files,
    command: (file) => {
      files.push(file);
      return command(file);
    },
  };
}

/**
 * A command that runs a script in place of a kernel; the script finds the connection file's path in `file`.
 */
const script =
  (source: string) =>
  (file: string): string[] => [process.execPath, "-e", `const file = process.argv[1];${source}`, file];

/** Executes code and returns the reply with the texts that came on stdout and stderr. */
async function execute(
  kernel: Kernel,
  code: string,
  timeout = 20,
): Promise<{ status: string; stdout: string; stderr: string }> {
  const texts = { stdout: "", stderr: "" };
  const onOutput = ({ header, content }: Message): void => {
    if (header.msg_type === "stream") texts[content.name as "stdout" | "stderr"] += content.text;
  };
  const { status } = await kernel.execute(code, { timeout, onOutput });
  return { status, ...texts };
}

async function assertNothingLeft(connectionFiles: readonly string[]): Promise<void> {
  assert.ok(connectionFiles.length > 0);
  for (const file of connectionFiles) {
    assert.equal(existsSync(dirname(file)), false, `${file} is left`);
    await until(() => processesWith(file).length === 0, `the end of the kernel with ${file}`);
  }
}

/** Whether somebody listens at a host and port. */
async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe("a kernel", () => {
  let kernel: Kernel;
  const { files, command } = noting(kernelCommand);

  before(async () => {
    kernel = await Kernel.start({ cwd: __dirname, command });
  });
  after(async () => {
    await kernel.shutdown();
    await assertNothingLeft(files);
  });

  it("executes TypeScript and keeps what was declared", async () => {
    assert.deepEqual(await execute(kernel, "const a: number = 20;"), {
      status: "ok",
      stdout: "",
      stderr: "",
    });
    assert.deepEqual(await execute(kernel, "console.log(a + 1)"), {
      status: "ok",
      stdout: "21\n",
      stderr: "",
    });
  });

  it("has a connection file that nobody else can read", function () {
    if (process.platform === "win32") this.skip();
    assert.equal(files.length, 1);
    assert.equal((statSync(files[0]).mode & 0o777).toString(8), "600");
    assert.equal((statSync(dirname(files[0])).mode & 0o777).toString(8), "700");
  });

  it("executes nothing that is not signed with the key", async () => {
    const { key, shell_port } = kernel.connection;
    const socket = new Dealer({ linger: 0 });
    socket.connect(address(kernel.connection, shell_port));
    const send = (signingKey: string): Promise<void> => {
      const content = { code: "(globalThis as any).intruder = true;", silent: false };
      return socket.send(encodeRequest(signingKey, "intruder", "execute_request", content).frames);
    };
    const intruder = "console.log(typeof (globalThis as any).intruder)";
    // a kernel takes the messages of one socket in their order: its reply to the second comes after both
    await send("a guess");
    await socket.send(encodeRequest(key, "intruder", "kernel_info_request", {}).frames);
    await socket.receive();
    assert.equal((await execute(kernel, intruder)).stdout, "undefined\n");
    await send(key);
    await socket.receive();
    assert.equal((await execute(kernel, intruder)).stdout, "boolean\n");
    socket.close();
  });

  it("is interrupted when a cell takes too long", async () => {
    for (const endless of ["while (true) {}", "await new Promise(() => {})"]) {
      await assert.rejects(execute(kernel, endless, 0.5), {
        name: "CellStoppedError",
        message: "stopped: the cell ran for more than 0.5 s",
      });
      await delay(300); // tslab aborts what it is sent within 200 ms of a failure
      assert.equal((await execute(kernel, "1")).status, "ok");
    }
  });

  it("loses no output, however many there are at once, and however busy this process is", async () => {
    const [begun, done] = ["begun", "done"].map((name) => join(dirname(files[0]), name));
    const count = 20_000;
    const execution = execute(
      kernel,
      `require("fs").writeFileSync(${JSON.stringify(begun)}, "");
       for (let i = 0; i < ${count}; i++) console.log(i + " ".repeat(200));
       require("fs").writeFileSync(${JSON.stringify(done)}, "");`,
    );
    while (!existsSync(begun)) await delay(10);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(done)) Atomics.wait(clock, 0, 0, 20);
    const { stdout } = await execution;
    assert.equal(stdout.split("\n").length, count + 1);
  });

  // last: a kernel must not be used after that
  it("is interrupted when a cell puts out more than there is memory for", async () => {
    await assert.rejects(execute(kernel, "for (;;) console.log('x'.repeat(10_000_000));", 60), {
      name: "CellStoppedError",
      message: "stopped: the cell printed more than 500 MB",
    });
  });
});

describe("starting a kernel", () => {
  const refused: readonly [what: string, options: Omit<KernelOptions, "cwd">, message: RegExp][] = [
    [
      "ends at once",
      { command: script("console.error('no such thing'); process.exit(3)") },
      /^the kernel ended with exit code 3\nno such thing$/,
    ],
    [
      "is not there",
      { command: () => ["/nowhere/node"] },
      /^the kernel could not be started: spawn \/nowhere\/node ENOENT$/,
    ],
    [
      "never answers",
      { command: script("console.log('busy'); setInterval(() => {}, 1000)"), startTimeout: 1 },
      /^the kernel did not start in 1 s\nbusy$/,
    ],
    ...["EADDRINUSE", "Socket is blocked by a bind or unbind operation"].map(
      (words): [string, Omit<KernelOptions, "cwd">, RegExp] => [
        `says "${words}" again and again`,
        { command: script(`console.error('Error: ${words}'); setInterval(() => {}, 1000)`) },
        /^the kernel could not use its sockets in 5 attempts$/,
      ],
    ),
  ];
  for (const [what, options, message] of refused) {
    it(`fails when it ${what}, and leaves nothing`, async () => {
      const { files, command } = noting(options.command as (file: string) => string[]);
      await assert.rejects(Kernel.start({ cwd: __dirname, ...options, command }), {
        name: "KernelError",
        message,
      });
      await assertNothingLeft(files);
    });
  }

  it("fails when its folder is not there", async () => {
    await assert.rejects(Kernel.start({ cwd: "/nowhere" }), { name: "KernelError", message: /ENOENT/ });
  });

  it("on ports listens on 127.0.0.1 and nowhere else", async () => {
    const kernel = await Kernel.start({ cwd: __dirname, connections: tcpConnection });
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = kernel.connection;
    // the whole of 127.0.0.0/8 is this machine on Linux, so 127.0.0.2 tells a port bound to all addresses
    const others = Object.values(networkInterfaces()).flatMap((faces = []) =>
      faces.map((face) => face.address),
    );
    const elsewhere = ["127.0.0.2", ...others.filter((other) => other !== "127.0.0.1")];
    for (const port of [shell_port, iopub_port, stdin_port, control_port, hb_port]) {
      assert.equal(await accepts("127.0.0.1", port), true);
      for (const host of elsewhere) assert.equal(await accepts(host, port), false, `${host}:${port}`);
    }
    await kernel.shutdown();
  });

  it("takes other ports when somebody was quicker to take one", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const taken = { ...(await tcpConnection()), iopub_port: (other.address() as AddressInfo).port };
    const free = await tcpConnection();
    const queue = [taken, free];
    const { files, command } = noting(kernelCommand);
    const kernel = await Kernel.start({
      cwd: __dirname,
      command,
      connections: async () => queue.shift() ?? assert.fail("asked a third time"),
    });
    await assertNothingLeft(files.slice(0, 1));
    assert.equal(kernel.connection, free);
    assert.equal((await execute(kernel, "1")).status, "ok");
    await kernel.shutdown();
    other.close();
  });

  it("is not held up by somebody who had one of its ports for a moment", async () => {
    const connection = await tcpConnection();
    const guests: Socket[] = [];
    const other = createServer((guest) => {
      guests.push(guest); // accepted, and never spoken to
      other.close();
    });
    await once(other.listen(connection.iopub_port, "127.0.0.1"), "listening");
    // ZeroMQ by itself would wait for 30 s
    const kernel = await Kernel.start({
      cwd: __dirname,
      connections: async () => connection,
      startTimeout: 20,
    });
    await kernel.shutdown();
    assert.equal(guests.length, 1);
    for (const guest of guests) guest.destroy();
  });

  /** Answers kernel_info_request, signed with the key of the expression; ends when it is told so. */
  const impostor = (key: string): string => `
    const { createHmac } = require("node:crypto");
    const { Publisher, Router } = require(${JSON.stringify(require.resolve("zeromq"))});
    const connection = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
    const pack = (type, parent, content) => {
      const body = [{ msg_id: type, msg_type: type }, parent, {}, content].map((part) => JSON.stringify(part));
      const hmac = createHmac("sha256", ${key});
      for (const part of body) hmac.update(part);
      return ["<IDS|MSG>", hmac.digest("hex"), ...body];
    };
    (async () => {
      const shell = new Router(), control = new Router(), iopub = new Publisher();
      await shell.bind("tcp://127.0.0.1:" + connection.shell_port);
      await iopub.bind("tcp://127.0.0.1:" + connection.iopub_port);
      await control.bind("tcp://127.0.0.1:" + connection.control_port);
      control.receive().then(() => process.exit());
      for await (const [id, , , header] of shell) {
        const parent = JSON.parse(header.toString());
        await shell.send([id, ...pack("kernel_info_reply", parent, {})]);
        await iopub.send(pack("status", parent, { execution_state: "idle" }));
      }
    })();`;

  it("believes a kernel that has the key, and no other", async () => {
    const options = { cwd: __dirname, connections: tcpConnection };
    const honest = await Kernel.start({ ...options, command: script(impostor("connection.key")) });
    await honest.shutdown();
    await assert.rejects(
      Kernel.start({ ...options, command: script(impostor("'guess'")), startTimeout: 1 }),
      { name: "KernelError", message: "the kernel did not start in 1 s" },
    );
  });
});

describe("a kernel in trouble", () => {
  const folder = freshFolder();
  let kernel: Kernel;
  let files: string[];

  beforeEach(async () => {
    const noted = noting(kernelCommand);
    files = noted.files;
    kernel = await Kernel.start({ cwd: folder(), command: noted.command });
  });
  afterEach(async () => {
    await kernel.shutdown();
    await assertNothingLeft(files);
    await until(
      () => processesWith(folder()).length === 0,
      "the end of all processes that the kernel started",
    );
  });

  it("is ended, with the processes it started, when it cannot be interrupted", async () => {
    const sleep = `require("child_process").execFileSync(process.execPath,
      ["-e", "setTimeout(() => {}, 60000)", ${JSON.stringify(folder())}])`;
    const execution = execute(kernel, sleep, 0.5);
    await until(() => processesWith(folder()).length > 0, "the process that the cell starts");
    await assert.rejects(execution, { name: "CellStoppedError" });
  });

  it("tells when it ends while a cell runs, and leaves no process that outlives it", async () => {
    const end = `require("child_process").spawn(process.execPath,
        ["-e", "setTimeout(() => {}, 60000)", ${JSON.stringify(folder())}], { stdio: "inherit" });
      console.error("last words");
      await new Promise((done) => setTimeout(done, 50));
      process.exit(3);`;
    let stderr = "";
    const onOutput = ({ content }: Message): void => {
      if (content.name === "stderr") stderr += content.text;
    };
    await assert.rejects(kernel.execute(end, { timeout: 20, onOutput }), {
      name: "KernelError",
      message: "the kernel ended with exit code 3",
    });
    assert.equal(stderr, "last words\n");
    assert.equal(processesWith(folder()).length, 1);
    await assert.rejects(execute(kernel, "1"), { name: "KernelError" });
  });
});
