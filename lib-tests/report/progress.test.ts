import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import type { RunSummary } from "../../src/report/page/index.js";
import { Progress } from "../../src/report/progress.js";
import { until } from "./toys.js";

const run: RunSummary = {
  name: "toy",
  report: "toy",
  title: "Toy",
  status: "ok",
  seconds: 1.25,
  charts: 0,
  parameters: {},
  changes: [],
  claim: null,
  verdict: null,
  keyFigure: null,
};

/** A stream that keeps what is written, and may pass for a terminal. */
function screen(isTTY: boolean): { stream: WriteStream; shown: () => string } {
  const written: string[] = [];
  const stream = new PassThrough().on("data", (chunk: Buffer) => written.push(chunk.toString()));
  return {
    stream: Object.assign(stream, { isTTY, columns: 20 }) as unknown as WriteStream,
    shown: () => written.join(""),
  };
}

describe("progress", () => {
  it("is a line for each notebook that has ended where nobody watches", async () => {
    const [stdout, stderr] = [screen(false), screen(false)];
    const progress = new Progress(stdout.stream, stderr.stream);
    progress.start("toy");
    progress.at("toy", "cell 1 of 2");
    progress.end(run, "toy.html");
    progress.start("bad");
    progress.end(
      { ...run, name: "bad", status: "failed", failure: { cell: 3, message: "one\ntwo" } },
      "bad.html",
    );
    progress.stop();
    await until(() => stderr.shown() !== "", "the failure");
    assert.equal(stdout.shown(), "ok      toy  1.3 s  toy.html\n");
    assert.equal(stderr.shown(), "failed  bad, code cell 3  1.3 s\n        one\n        two\n");
  });

  it("is kept up to date in a terminal, within one line of it", async () => {
    const stdout = screen(true);
    const progress = new Progress(stdout.stream, new PassThrough());
    try {
      progress.start("toy");
      progress.at("toy", "cell 1 of 2");
      await until(() => stdout.shown().includes("toy: cell 1 of 2, 0"), "the line");
      assert.equal(stdout.shown().includes("toy: cell 1 of 2, 0 s"), false);
    } finally {
      progress.stop();
    }
  });
});
