import assert from "node:assert/strict";
import {
  EvidenceError,
  type Header,
  type Problem,
  type Recorded,
  readRecord,
  recordText,
  seedsIn,
} from "../../src/evidence/file.js";

const header: Header = {
  experiment: "01-toy",
  study: "seeds",
  key: "0123456789abcdef",
  digest: "fedcba9876543210",
  firstSeed: 7,
  seeds: 3,
  parameters: { noise: 0.1, gain: Number.POSITIVE_INFINITY, layers: [3, 4] },
  version: "1.2.3",
  recorded: "2026-05-06",
};

const recorded: Recorded = {
  header,
  rows: [
    { seed: 7, results: [{ loss: Number.NaN, parts: [{ a: 1 }] }, { loss: 1 }] },
    { seed: 8, results: [{ loss: -0, parts: [] }] },
    { seed: 9, results: [{ loss: 0.1 }, null] },
  ],
};

const text = recordText(recorded);
const lines = text.split("\n");

function problemOf(changed: string): [Problem, string] {
  try {
    readRecord(changed);
  } catch (error) {
    assert.ok(error instanceof EvidenceError);
    return [error.problem, error.message];
  }
  return assert.fail("it was read");
}

describe("the file of a recorded study", () => {
  it("is read as it was written, to the bit", () => {
    assert.deepEqual(readRecord(text), recorded);
    assert.equal(recordText(readRecord(text)), text);
  });

  it("has a line for what it is, a line a seed without any name, and a last line", () => {
    assert.deepEqual(lines.slice(1, 4), [
      '[7,["#NaN",[[1]]],[1,"#"]]',
      '[8,["#-0",[]]]',
      '[9,[0.1,"#"],null]',
    ]);
    assert.equal(lines.length, 6);
    assert.match(lines[4], /^\{"seeds":3,"digest":"[\da-f]{16}"\}$/);
    assert.equal(JSON.parse(lines[0]).experiment, "01-toy");
    assert.deepEqual(JSON.parse(lines[0]).shape, { loss: "value", parts: [{ a: "value" }] });
  });

  it("may have the ends of lines that git writes on Windows", () => {
    assert.deepEqual(readRecord(text.replaceAll("\n", "\r\n")), recorded);
  });

  it("holds a shard, or nothing", () => {
    const shard = { ...header, shard: { number: 2, of: 2 } };
    assert.deepEqual(seedsIn(shard), [8]);
    assert.deepEqual(seedsIn({ ...header, shard: { number: 1, of: 2 } }), [7, 9]);
    assert.deepEqual(seedsIn({ ...header, shard: { number: 5, of: 5 } }), []);
    const empty = { header: { ...header, shard: { number: 4, of: 4 } }, rows: [] };
    assert.deepEqual(readRecord(recordText(empty)), empty);
  });

  it("that is cut off anywhere after its first line says so", () => {
    for (let length = lines[0].length + 1; length < text.length; length++) {
      assert.deepEqual(problemOf(text.slice(0, length)), [
        "cut off",
        "it is cut off: its last line is missing",
      ]);
    }
  });

  it("that was edited says so, whichever character it is", () => {
    for (let i = 0; i < text.length - 1; i++) {
      const changed = text.slice(0, i) + (text[i] === "1" ? "2" : "1") + text.slice(i + 1);
      if (changed.split("\n").length === lines.length)
        assert.notEqual(problemOf(changed)[0], undefined, `at ${i}`);
    }
    const message = "it was edited or damaged: its lines do not match its digest";
    assert.deepEqual(problemOf(text.replace("0.1,", "0.2,")), ["edited", message]);
    assert.deepEqual(problemOf([...lines.slice(0, 2), ...lines.slice(3)].join("\n")), ["edited", message]);
  });

  it("that holds other seeds than it says is no evidence", () => {
    for (const rows of [recorded.rows.slice(1), recorded.rows.slice(0, 2)]) {
      const other = recordText({ header, rows });
      assert.deepEqual(problemOf(other), ["edited", "it does not hold the seeds that its first line names"]);
    }
  });

  it("that was made up says so, before its seeds fill the memory", () => {
    const message = "it does not hold the seeds that its first line names";
    const madeUp = (own: object): string =>
      recordText({ header: { ...header, ...own }, rows: recorded.rows });
    assert.deepEqual(problemOf(madeUp({ seeds: 1e15 })), ["edited", message]);
    assert.deepEqual(problemOf(madeUp({ seeds: 1e15, shard: { number: 1, of: 2 } })), ["edited", message]);
    for (const own of [
      { firstSeed: "7" },
      { seeds: 0.5 },
      { shard: { number: 1, of: 0 } },
      { key: undefined },
    ]) {
      assert.deepEqual(problemOf(madeUp(own)), [
        "unreadable",
        "its first line does not say what was recorded",
      ]);
    }
  });

  it("that is something else says so", () => {
    for (const other of ["", "{}\n", "text", '{"evidence":2}\n{"seeds":0,"digest":""}\n', "[1]\n"]) {
      assert.deepEqual(problemOf(other), ["unreadable", "it is not a recorded study of format 1"]);
    }
  });
});
