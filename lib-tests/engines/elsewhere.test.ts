/**
 * The same bits on other engines and processors: `npm run test:engines`. Of every study that takes moments a sample of what was
 * recorded is measured again as well.
 *
 * GLASS_HOUSE_NODES: paths of other node programs, separated as in PATH; arm64-node.sh makes one that an emulator runs.
 * GLASS_HOUSE_SAMPLES: how many places of a study to measure again, 1 by default; with 2 or more every training that the first
 * build is compared by is compared too, in every way of training, which takes an emulated processor many minutes.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findProgram } from "../support/programs.js";
import { skipUnless } from "../support/skip.js";
import { ANSWER, answer, bundle, remeasured } from "./bundle.js";
import { recordedSamples } from "./samples.js";
import { trainings } from "./trainings.js";

const nodes = (process.env.GLASS_HOUSE_NODES ?? "").split(delimiter).filter(Boolean);
const perStudy = Number(process.env.GLASS_HOUSE_SAMPLES ?? 1);
const jsc = findProgram("jsc");

/** An engine: a program that runs a file. */
interface Engine {
  program: string;
  options: readonly string[];
  /** Whether it writes WebAssembly with vectors; one that does not is slow. */
  isSupported: boolean;
}

/** What a node says of itself: `22.12.0 arm64`. */
const kindOf = (node: string): string =>
  execFileSync(node, ["-p", "process.versions.node + ' ' + process.arch"], { encoding: "utf8" }).trim();

const engines: [name: string, engine: Engine][] = [
  ...nodes.map((program): [string, Engine] => [
    `Node ${kindOf(program)}`,
    { program, options: [], isSupported: true },
  ]),
  ...(jsc === null
    ? []
    : [true, false].map((isSupported): [string, Engine] => [
        `JavaScriptCore${isSupported ? "" : " without a compiler to machine code"}`,
        { program: jsc, options: isSupported ? [] : ["--useJIT=0"], isSupported },
      ])),
];

describe("the same bits come", () => {
  let folder: string;
  let script: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "engines-"));
    script = bundle();
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What an expression comes to there. */
  function on({ program, options }: Engine, expression: string): unknown {
    const file = join(folder, "program.js");
    writeFileSync(file, `${script}\n(globalThis.print ?? console.log)(JSON.stringify(${expression}));`);
    const output = execFileSync(program, [...options, file], { encoding: "utf8", maxBuffer: 2 ** 28 });
    return JSON.parse(output);
  }

  it("from JavaScriptCore and another processor, which are at hand", function () {
    skipUnless(this, jsc, "no jsc on PATH");
    const others = nodes.map(kindOf).filter((kind) => !kind.endsWith(process.arch));
    skipUnless(this, others.length > 0, "GLASS_HOUSE_NODES names none of another processor");
  });

  for (const [name, engine] of engines) {
    it(`from ${name}`, () => {
      assert.deepEqual(on(engine, ANSWER), answer(engine.isSupported));
    });
    // an emulator takes minutes for it, and up to 19 GB
    const isEmulated = name.startsWith("Node ") && !name.endsWith(process.arch);
    if (!engine.isSupported || (isEmulated && perStudy < 2)) continue;

    it(`from ${name}, which measures again what was recorded`, () => {
      const samples = recordedSamples(perStudy);
      assert.ok(samples.length > 0);
      for (const notebook of new Set(samples.map(({ measured }) => measured.experiment))) {
        const own = samples.filter(({ measured }) => measured.experiment === notebook);
        assert.deepEqual(on(engine, remeasured(own)), own);
      }
    });

    if (perStudy < 2) continue;
    it(`from ${name}, which trains by the machine, eagerly and in lanes`, () => {
      assert.deepEqual(on(engine, "program.trainings()"), trainings());
    });
  }
});
