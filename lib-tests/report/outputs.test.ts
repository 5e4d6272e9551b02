import assert from "node:assert/strict";
import type { Output } from "../../src/report/notebook.js";
import { OutputCollector } from "../../src/report/outputs.js";

/** Hands messages to a collector, each for the cell of the given index, and returns the cells' outputs. */
function collect(...messages: [cell: number, type: string, content: Record<string, unknown>][]): Output[][] {
  const collector = new OutputCollector();
  const cells: Output[][] = [[], []];
  for (const [cell, msg_type, content] of messages) {
    collector.handle(cells[cell], { header: { msg_id: "", msg_type }, parentId: "", content });
  }
  return cells;
}

const text = (name: string, value: string): [number, string, Record<string, unknown>] => [
  0,
  "stream",
  { name, text: value },
];
const stream = (name: string, value: string) => ({ output_type: "stream", name, text: value });
const display = (value: string, id?: string) => ({
  data: { "text/plain": value },
  metadata: {},
  transient: id === undefined ? {} : { display_id: id },
});
const displayed = (value: string) => ({
  output_type: "display_data",
  data: { "text/plain": value },
  metadata: {},
});

describe("outputs of cells", () => {
  it("join text of one stream and keep the order of streams", () => {
    const [outputs] = collect(
      text("stdout", "a"),
      text("stdout", "b"),
      text("stderr", "c"),
      text("stdout", "d"),
    );
    assert.deepEqual(outputs, [stream("stdout", "ab"), stream("stderr", "c"), stream("stdout", "d")]);
  });

  it("are displays, results and errors as nbformat has them", () => {
    const error = { ename: "Error", evalue: "x", traceback: ["Error: x"] };
    const [outputs] = collect(
      [0, "display_data", display("a")],
      [0, "execute_result", { ...display("b"), execution_count: 3 }],
      [0, "error", error],
      [0, "status", { execution_state: "idle" }],
    );
    assert.deepEqual(outputs, [
      displayed("a"),
      { output_type: "execute_result", execution_count: 3, data: { "text/plain": "b" }, metadata: {} },
      { output_type: "error", ...error },
    ]);
  });

  it("are updated in place by their display id, from any cell", () => {
    const [first, second] = collect(
      [0, "display_data", display("a", "id")],
      [0, "display_data", display("other", "other id")],
      [1, "display_data", display("b", "id")],
      [1, "update_display_data", display("c", "id")],
      [1, "update_display_data", display("d", "unknown")],
    );
    assert.deepEqual(first, [displayed("c"), displayed("other")]);
    assert.deepEqual(second, [displayed("c")]);
  });

  it("are cleared at once, or by the next output", () => {
    assert.deepEqual(collect(text("stdout", "a"), [0, "clear_output", { wait: false }])[0], []);
    const waiting = [text("stdout", "a"), [0, "clear_output", { wait: true }]] as Parameters<typeof collect>;
    assert.deepEqual(collect(...waiting)[0], [stream("stdout", "a")]);
    assert.deepEqual(collect(...waiting, text("stdout", "b"))[0], [stream("stdout", "b")]);
  });

  it("hold so much of a text that a page can show it, and its end", function () {
    this.timeout(20_000);
    const lines = Array.from({ length: 50_000 }, (_, i) => text("stderr", `line ${i}\r`));
    const [[output]] = collect(
      ...lines,
      text("stderr", "x".repeat(5_000_000)),
      text("stderr", "Error: the reason"),
    );
    assert.ok(output.output_type === "stream");
    assert.ok(output.text.length < 3_000_000);
    assert.match(output.text, /^line 0\rline 1\r.*\n\[left out: .*xxxError: the reason$/s);
    const [[whole]] = collect(text("stdout", "x".repeat(5_000_000)));
    assert.ok(whole.output_type === "stream" && whole.text.length < 3_000_000);
  });
});
