import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closingOf } from "../../src/closing/grade.js";
import {
  addToIndex,
  linkReports,
  mergeRuns,
  readEarlierIndex,
  writeReport,
} from "../../src/report/index-files.js";
import type { RunSummary } from "../../src/report/page/index.js";
import { neighboursPlace } from "../../src/report/page/neighbours.js";
import { sumLine } from "../../src/report/sum-line.js";
import { freshFolder } from "./toys.js";

const succeeded: RunSummary = {
  name: "02-b",
  report: "02-b",
  title: "Second <b>",
  status: "ok",
  seconds: 1.5,
  charts: 2,
  parameters: { epochs: 10 },
  changes: [],
  claim: "It holds",
  verdict: {
    claim: "It holds",
    stamp: "holds",
    rows: [{ claim: "a", measured: "1", n: 3, outcome: "holds" }],
    summary: "It held.",
  },
  keyFigure: {
    src: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    alt: 'A "line" & a <point>',
    title: "Seed 1: a < b",
  },
};
const failed: RunSummary = {
  name: "01-a",
  report: "01-a",
  title: "First",
  status: "failed",
  failure: { cell: null, message: "no kernel" },
  seconds: 0,
  charts: 0,
  parameters: {},
  changes: [],
  claim: null,
  verdict: null,
  keyFigure: null,
};

const changed: RunSummary = {
  ...succeeded,
  report: "02-b.changed-0123abcd",
  changes: [{ name: "epochs", value: 10, original: 500 }],
  keyFigure: { src: "data:image/svg+xml,changed", alt: "Another line", title: "" },
};

describe("the index of reports", () => {
  const folder = freshFolder();
  const touch = (...names: string[]): void => {
    for (const name of names) writeFileSync(join(folder(), name), "");
  };

  it("says the same to a program and to a reader, and comes back whole, pictures included", () => {
    touch("01-a.html", "02-b.html");
    addToIndex(folder(), failed);
    addToIndex(folder(), succeeded);
    assert.deepEqual(readdirSync(folder()).sort(), ["01-a.html", "02-b.html", "index.html", "index.json"]);
    assert.equal(readFileSync(join(folder(), "index.json"), "utf8").includes("svg"), false);
    assert.deepEqual(readEarlierIndex(folder()), [failed, succeeded]);
  });

  it("forgets notebooks whose reports are gone", () => {
    touch("02-b.html");
    addToIndex(folder(), succeeded, [failed]);
    assert.match(readFileSync(join(folder(), "index.html"), "utf8"), /no kernel/);
    assert.deepEqual(readEarlierIndex(folder()), [succeeded]);
  });

  it("keeps what was not run now, in the order of the names", () => {
    const now = { ...succeeded, seconds: 9 };
    assert.deepEqual(mergeRuns([failed, succeeded], [now]), [failed, now]);
    assert.deepEqual(mergeRuns([succeeded], [failed]), [failed, succeeded]);
  });

  it("has a report with changed parameters beside the notebook's own, each with its picture", () => {
    touch("02-b.html", "02-b.changed-0123abcd.html");
    addToIndex(folder(), changed, [succeeded]);
    assert.deepEqual(readEarlierIndex(folder()), [succeeded, changed]);
    const again = { ...succeeded, seconds: 9 };
    assert.deepEqual(mergeRuns([succeeded, changed], [again]), [again, changed]);
  });

  it("links each report to those beside it in the index, and to none that is not there", () => {
    const page = `${neighboursPlace("top").text}<p>kept</p>${neighboursPlace("end").text}`;
    const names = ["01-a", "02-b", "02-b.changed-0123abcd", "03-c", "04-d"];
    for (const name of names) {
      writeFileSync(join(folder(), `${name}.html`), page);
      const changes = name.includes("changed") ? changed.changes : [];
      addToIndex(folder(), {
        ...succeeded,
        name: name.slice(0, 4),
        report: name,
        changes,
        title: `Report ${name}`,
      });
    }
    writeFileSync(join(folder(), "00-foreign.html"), "no place for links");
    addToIndex(folder(), { ...succeeded, name: "00-foreign", report: "00-foreign" });
    const links = (name: string): (string | null)[] => {
      const text = readFileSync(join(folder(), `${name}.html`), "utf8");
      return [...text.matchAll(/rel="(\w+)" href="([^"]*)"/g)].map(([, rel, to]) => `${rel} ${to}`);
    };
    linkReports(folder());
    assert.deepEqual(links("01-a"), [
      "prev 00-foreign.html",
      "next 02-b.html",
      "prev 00-foreign.html",
      "next 02-b.html",
    ]);
    assert.deepEqual(links("02-b").slice(0, 2), ["prev 01-a.html", "next 03-c.html"]);
    assert.deepEqual(links("04-d"), ["prev 03-c.html", "prev 03-c.html"]);
    assert.deepEqual(links("02-b.changed-0123abcd"), []);
    assert.equal(readFileSync(join(folder(), "00-foreign.html"), "utf8"), "no place for links");

    rmSync(join(folder(), "03-c.html"));
    linkReports(folder());
    assert.deepEqual(links("02-b").slice(0, 2), ["prev 01-a.html", "next 04-d.html"]);
    assert.match(readFileSync(join(folder(), "02-b.html"), "utf8"), /<p>kept<\/p>/);
  });

  it("has the sums of linked reports, and links no report that is not the one it lists", () => {
    const page = neighboursPlace("end").text;
    const add = (name: string): void =>
      addToIndex(folder(), { ...succeeded, name, report: name, sha256: writeReport(folder(), name, page) });
    const sums = (): (string | undefined)[] => readEarlierIndex(folder()).map(({ sha256 }) => sha256);
    const read = (name: string): string => readFileSync(join(folder(), `${name}.html`), "utf8");
    const present = (...names: string[]): string[] =>
      names.map((name) => sumLine(read(name), `${name}.html`));
    for (const name of ["a", "b", "c"]) add(name);
    linkReports(folder(), closingOf({}));
    assert.match(readFileSync(join(folder(), "index.html"), "utf8"), /not tested here/);
    assert.match(read("b"), /c\.html/);
    assert.deepEqual(sums(), present("a", "b", "c"));

    // somebody changes one, and one is as it was before a process was killed that had listed its links
    const [, listed] = sums();
    writeFileSync(join(folder(), "b.html"), `${read("b")} `);
    writeFileSync(join(folder(), "c.html"), page);
    add("d");
    linkReports(folder());
    assert.doesNotMatch(read("c"), /b\.html/);
    assert.equal(sums()[1], listed);
    rmSync(join(folder(), "d.html"));
    linkReports(folder());
    assert.match(read("c"), /b\.html/);
    assert.deepEqual([sums()[0], sums()[2]], present("a", "c"));
  });

  it("is empty where there was none", () => {
    assert.deepEqual(readEarlierIndex(folder()), []);
  });

  it("is not taken from anybody else", () => {
    const message = /^the index in .* was not written by npm run report/;
    touch("index.html");
    assert.throws(() => readEarlierIndex(folder()), { name: "UsageError", message });
    for (const theirs of ["{", "[]", '{"notebooks":[{"title":"x"}]}', '{"notebooks":{}}']) {
      writeFileSync(join(folder(), "index.json"), theirs);
      assert.throws(() => readEarlierIndex(folder()), { name: "UsageError", message });
    }
  });

  it("leaves out, with a warning, what it cannot show", () => {
    touch("01-a.html", "02-b.html", "03-c.html");
    const { keyFigure, ...entry } = succeeded;
    const notebooks = [
      { ...entry, name: "01-a", verdict: { stamp: "confirmed" } },
      entry,
      { name: "03-c", charts: "many" },
    ];
    writeFileSync(join(folder(), "index.json"), JSON.stringify({ notebooks }));
    const warnings: string[] = [];
    const read = readEarlierIndex(folder(), (warning) => warnings.push(warning));
    assert.deepEqual(read, [{ ...entry, keyFigure: null }]);
    assert.deepEqual(
      warnings.map((warning) => /the entry for (\S+) is from another version/.exec(warning)?.[1]),
      ["01-a", "03-c"],
    );
    addToIndex(folder(), failed);
    assert.deepEqual(
      readEarlierIndex(folder()).map(({ name }) => name),
      ["01-a", "02-b"],
    );
  });

  it("loses nothing when several processes write it at a time", async () => {
    const library = JSON.stringify(require.resolve("../../src/report/index-files.js"));
    const names = ["a", "b", "c"].flatMap((writer) => Array.from({ length: 8 }, (_, i) => `${writer}${i}`));
    touch(...names.map((name) => `${name}.html`));
    const source = `const [folder, writer, run] = process.argv.slice(1);
      for (let i = 0; i < 8; i++) require(${library}).addToIndex(folder, { ...JSON.parse(run), name: writer + i, report: writer + i });`;
    const exits = ["a", "b", "c"].map((writer) => {
      const args = ["-e", source, folder(), writer, JSON.stringify(failed)];
      return once(spawn(process.execPath, args, { stdio: "inherit" }), "exit");
    });
    assert.deepEqual(await Promise.all(exits), [
      [0, null],
      [0, null],
      [0, null],
    ]);
    assert.deepEqual(
      readEarlierIndex(folder()).map(({ name }) => name),
      [...names].sort(),
    );
    assert.equal(
      readdirSync(folder()).some((name) => /lock|tmp/.test(name)),
      false,
    );
  });

  it("does not wait for ever for a process that was killed while it wrote", () => {
    touch("01-a.html", ".index.lock");
    addToIndex(folder(), failed);
    assert.deepEqual(readEarlierIndex(folder()), [failed]);
    assert.deepEqual(readdirSync(folder()).sort(), ["01-a.html", "index.html", "index.json"]);
  });
});
