import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { address, type Connection, newConnection, tcpConnection } from "../../src/report/connection.js";
import { Kernel, type KernelOptions } from "../../src/report/kernel.js";
import { encodeRequest } from "../../src/report/messages.js";
import { freshFolder } from "./toys.js";

/** Milliseconds that a kernel may take for anything that it is asked here. */
const PATIENCE = 1500;

/**
 * Has a kernel run code without its key: signs with a guess, reads on iopub what the signature should have been, and
 * sends the message again with that. Resolves when the kernel has had time for it.
 */
async function attack(connection: Connection, code: string): Promise<void> {
  const ear = new Subscriber({ linger: 0, receiveTimeout: PATIENCE });
  const mouth = new Dealer({ linger: 0, receiveTimeout: PATIENCE });
  try {
    ear.subscribe();
    ear.connect(address(connection, connection.iopub_port));
    mouth.connect(address(connection, connection.shell_port));
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    const { frames } = encodeRequest("a guess", "attacker", "execute_request", content);
    let right: string | undefined;
    // a subscription takes a moment
    for (let tries = 0; tries < 3 && right === undefined; tries++) {
      await mouth.send(frames);
      for (;;) {
        const heard = await ear.receive().catch(() => undefined);
        if (heard === undefined) break;
        right = /want ([0-9a-f]{64})/.exec(heard.join(" "))?.[1];
        if (right !== undefined) break;
      }
    }
    if (right === undefined) return;
    frames[1] = right;
    await mouth.send(frames);
    await mouth.receive().catch(() => undefined);
  } finally {
    ear.close();
    mouth.close();
  }
}

describe("whoever reaches a kernel's sockets", () => {
  const folder = freshFolder();

  /** Whether the attack has the kernel write a file. */
  async function succeeds(options: Omit<KernelOptions, "cwd">): Promise<boolean> {
    const proof = join(folder(), "attacked");
    const kernel = await Kernel.start({ cwd: folder(), ...options });
    try {
      // from the first cell on tslab publishes what it has to say
      await kernel.execute("1", { timeout: 20, onOutput: () => {} });
      await attack(kernel.connection, `require("fs").writeFileSync(${JSON.stringify(proof)}, "")`);
      return existsSync(proof);
    } finally {
      await kernel.shutdown();
    }
  }

  it("can run code in tslab as it is", async () => {
    const tslab = join(dirname(require.resolve("tslab/package.json")), "bin", "tslab");
    const command = (file: string): string[] => [process.execPath, tslab, "kernel", "--config-path", file];
    assert.equal(await succeeds({ command, connections: tcpConnection }), true);
  });

  it("cannot in ours", async () => {
    assert.equal(await succeeds({ connections: tcpConnection }), false);
    assert.equal(await succeeds({}), false);
  });

  it("is nobody but its user, where sockets can be files", async function () {
    if (process.platform === "win32") this.skip();
    const kernel = await Kernel.start({ cwd: folder() });
    const { transport, ip } = kernel.connection;
    const place = dirname(ip);
    assert.equal(transport, "ipc");
    assert.equal((statSync(place).mode & 0o777).toString(8), "700");
    assert.equal(readdirSync(place).filter((name) => statSync(join(place, name)).isSocket()).length, 5);
    await kernel.shutdown();
    assert.equal(existsSync(place), false);
  });

  it("is not told where, when the path of a socket would be too long", async () => {
    assert.equal((await newConnection(join(folder(), "a".repeat(100)))).transport, "tcp");
  });
});
