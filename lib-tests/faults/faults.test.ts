/**
 * Whatever goes wrong while a command writes: files are whole, nothing that was finished is lost, the exit code tells the
 * truth, no process is left, and the same command again comes to the same result as one that nothing happened to.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ended, evidence, notebooks, type Outcome, report, run, start } from "./commands.js";
import type { Fault } from "./inject.js";

/** So many of the whole numbers from 1 to `most`, or all; from first to last. */
function some(times: number, most: number): number[] {
  const count = Math.min(times, most);
  return Array.from({ length: count }, (_, i) => Math.round(1 + (i * (most - 1)) / Math.max(1, count - 1)));
}

for (const command of [evidence, report, notebooks]) {
  const times = Number(process.env.GLASS_HOUSE_FAULTS ?? command.times);
  describe(`${command.name}, when something goes wrong`, function () {
    this.timeout(600_000 + times * 60_000);
    const folders: string[] = [];
    let expected: string;
    let changes: number;
    let duration: number;

    const fresh = (): string => {
      const folder = mkdtempSync(join(tmpdir(), "glass-house-faults-"));
      folders.push(folder);
      command.prepare(folder);
      return folder;
    };
    const out = (folder: string): string => join(folder, command.out);
    const faulty = (folder: string, kind: Fault["kind"], at: number): Promise<Outcome> => {
      const { program } = command;
      const fault: Fault = { program, folder: out(folder), count: join(folder, "count"), kind, at };
      return run(command, folder, ["inject.js"], fault);
    };
    /** The same command again, after the fault: as if nothing had been. */
    async function recovers(folder: string): Promise<void> {
      command.checkWhole(out(folder));
      assert.deepEqual(await run(command, folder), { status: 0, stderr: "" });
      assert.equal(command.result(out(folder)), expected);
      rmSync(folder, { recursive: true, force: true });
    }

    before(async () => {
      const folder = fresh();
      const begin = performance.now();
      assert.deepEqual(await faulty(folder, "none", 1), { status: 0, stderr: "" });
      duration = performance.now() - begin;
      expected = command.result(out(folder));
      changes = Number(readFileSync(join(folder, "count"), "utf8"));
      assert.ok(changes >= 2, `${changes} changes`);
    });
    after(() => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    it("killed in the middle of a change", async () => {
      for (const at of some(times, changes)) {
        const folder = fresh();
        assert.deepEqual(await faulty(folder, "SIGKILL", at), { status: null, stderr: "" }, `change ${at}`);
        await recovers(folder);
      }
    });

    it("killed at any time", async () => {
      const folder = fresh();
      for (let time = 0; time < times; time++) {
        const child = start(command, folder);
        const end = ended(child, folder);
        await Promise.race([delay(Math.random() * duration), end]);
        child.kill("SIGKILL");
        const { status } = await end;
        assert.ok(status === null || status === 0);
        command.checkWhole(out(folder));
      }
      await recovers(folder);
    });

    for (const kind of ["EIO", "ENOSPC", "EROFS"] as const) {
      it(`told ${kind}`, async () => {
        for (const at of kind === "EROFS" ? [1] : some(times, changes)) {
          const folder = fresh();
          const { status, stderr } = await faulty(folder, kind, at);
          const what = `change ${at}: ${status}, ${stderr}`;
          // no success is claimed that was not
          if (status === 0) assert.equal(command.result(out(folder)), expected, what);
          else assert.ok([1, 2].includes(Number(status)) && stderr.includes(kind), what);
          assert.doesNotMatch(stderr, /^ +at /m, what);
          await recovers(folder);
        }
      });
    }

    it("on a clock that is set forth and back", async () => {
      const folder = fresh();
      assert.deepEqual(await run(command, folder, ["clock.js"]), { status: 0, stderr: "" });
      await recovers(folder);
    });

    it("two at once", async () => {
      const folder = fresh();
      const both = await Promise.all(
        [start(command, folder), start(command, folder)].map((one) => ended(one, folder)),
      );
      assert.deepEqual([both, true], [both, both.some(({ status }) => status === 0)]);
      for (const { status, stderr } of both) {
        if (status !== 0) assert.match(stderr, /is recording into this folder|changed during the run/);
      }
      await recovers(folder);
    });
  });
}
