/** Texts from outside: `--set`, the parameters cell, the address of a page, files of evidence, notebooks. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { digestOf } from "../../src/core/digest.js";
import { changedIn, valuesIn } from "../../src/display/panel/fragment.js";
import { EvidenceError, readRecord, recordText } from "../../src/evidence/file.js";
import { EVIDENCE_FOLDER } from "../../src/evidence/load.js";
import { experiments } from "../../src/experiments/index.js";
import { demonstrationOf } from "../../src/live/demonstration.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import {
  type Notebook,
  NotebookFileError,
  readExecutedNotebook,
  readNotebook,
} from "../../src/report/notebook.js";
import {
  changesIn,
  checkNames,
  injectedValues,
  injectParameters,
  type Overrides,
  parseAssignments,
  readParameters,
} from "../../src/report/parameters.js";
import { UsageError } from "../../src/report/usage-error.js";
import { code, notebook } from "../report/toys.js";
import { fuzz, inTime, isNamed, nanIn, outcomeOf, repeatable } from "./fuzz.js";
import { spoilings, spoilt } from "./hostile.js";

/** What a text can be spoilt by: pieces of the languages that are read here, and what readers of them often trip over. */
const PIECES = [
  ..."{}[]()<>;:,.=#&?%\\'\"`/*-+ \n\r\t\0\u2028\ufeff\ud800é",
  "__proto__",
  "constructor",
  "const a = ",
  "=>",
  "${",
  "//",
  "/*",
  "*/",
  "NaN",
  "1e999",
  "-0",
  "10n",
  "null",
  "undefined",
  "9".repeat(400),
  "[".repeat(3000),
  "0x",
  "1_0",
  "%E0%A4",
];

/** A change of a text: from a place on some characters go, and others come; or two lines are swapped, or one is doubled. */
interface Edit {
  at: number;
  gone: number;
  come: string;
  how: "edit" | "cut" | "swap" | "double" | "digit";
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    gone: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(300)),
    come: fc.oneof(fc.constantFrom("", ...PIECES), fc.string({ maxLength: 5 })),
    how: fc.oneof(
      { weight: 5, arbitrary: fc.constant("edit" as const) },
      fc.constantFrom("cut" as const, "swap" as const, "double" as const, "digit" as const),
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

function edited(text: string, all: readonly Edit[]): string {
  return all.reduce((own, { at, gone, come, how }) => {
    const from = Math.floor(at * own.length);
    const lines = own.split("\n");
    const line = Math.floor(at * lines.length) % lines.length;
    switch (how) {
      case "cut":
        return own.slice(0, from);
      case "swap":
        return [
          ...lines.slice(0, line),
          ...lines.slice(line).slice(1, 2),
          lines[line],
          ...lines.slice(line + 2),
        ].join("\n");
      case "double":
        return [...lines.slice(0, line), lines[line], ...lines.slice(line)].join("\n");
      case "digit": {
        const digit = own.slice(from).search(/\d/);
        if (digit < 0) return own;
        const place = from + digit;
        return `${own.slice(0, place)}${(Number(own[place]) + 1 + (gone % 8)) % 10}${own.slice(place + 1)}`;
      }
      default:
        return own.slice(0, from) + come + own.slice(from + gone);
    }
  }, text);
}

const folder = join(PACKAGE_ROOT, "notebooks");
const files = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));

describe(`what may come as a text ${repeatable}`, () => {
  let scratch = "";
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "glass-house-fuzz-"));
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  /** Writes a notebook and reads it, as a run does and as a report does; undefined where it is refused with its name. */
  function readBack(text: string): Notebook | undefined {
    const path = join(scratch, "some.ipynb");
    writeFileSync(path, text);
    try {
      inTime(() => readExecutedNotebook(path));
      return inTime(() => readNotebook(path));
    } catch (error) {
      assert.ok(error instanceof NotebookFileError, (error as Error).stack);
      assert.ok(error.message.startsWith(path), error.message);
      return undefined;
    }
  }

  const values: fc.Arbitrary<Overrides[string]> = fc.letrec<{ any: Overrides[string] }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.string(),
      fc.constantFrom(...PIECES),
      fc.constant(null),
      fc.array(tie("any"), { maxLength: 3 }),
    ),
  })).any;

  const own = files.map((file) => readNotebook(join(folder, file)));
  const chosen = own.map((notebook, i) => ({ name: files[i], parameters: readParameters(notebook) }));
  const known = [
    ...new Set(
      chosen.flatMap(({ parameters }) =>
        parameters.filter(({ value, isUsed }) => value !== undefined && !isUsed).map(({ name }) => name),
      ),
    ),
  ];
  const assignments = fc.array(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom(...known, "__proto__", "constructor", "sead"),
          fc.constantFrom(...PIECES, "3", "[3]", "0.1", '"full"'),
        )
        .map(([name, value]) => `${name}=${value}`),
      fc
        .tuple(fc.constantFrom(...known), fc.json({ maxDepth: 2 }))
        .map(([name, value]) => `${name}=${value}`),
      fc.string(),
    ),
    { minLength: 1, maxLength: 3 },
  );

  fuzz("--set is understood, or refused by name", assignments, (all) => {
    const outcome = outcomeOf(() => {
      const overrides = parseAssignments(all);
      checkNames(chosen, overrides);
      return overrides;
    });
    if ("error" in outcome) {
      assert.ok(outcome.error instanceof UsageError, (outcome.error as Error).stack);
      return;
    }
    for (const experiment of Object.values(experiments)) {
      const checked = outcomeOf(() =>
        experiment.parameters({ ...experiment.defaults, ...(outcome.value as object) } as never),
      );
      if ("error" in checked) assert.ok(isNamed(checked.error), (checked.error as Error).stack);
      else assert.equal(nanIn(checked.value), undefined);
    }
  });

  fuzz("--set takes every value that can be written as JSON", values, (value) => {
    assert.deepEqual(
      inTime(() => parseAssignments([`a=${JSON.stringify(value)}`])),
      JSON.parse(JSON.stringify({ a: value })),
    );
  });

  const cells = own.map(
    ({ cells }) => cells.find(({ metadata }) => metadata.tags?.includes("parameters"))?.source ?? "",
  );

  fuzz(
    "a parameters cell is read, whatever is in it",
    fc.tuple(fc.constantFrom(...cells, "const a = [1, 'b'], b = 2; // both\n"), edits),
    ([cell, all]) => {
      const changed = notebook(code(edited(cell, all), "parameters"));
      const parameters = inTime(() => readParameters(changed));
      for (const { name, value, comment } of parameters) {
        assert.equal(typeof name, "string");
        assert.equal(nanIn(value), undefined);
        assert.ok(!comment.includes("\n"));
      }
    },
  );

  fuzz(
    "a value that is put into a notebook is there",
    fc.dictionary(fc.constantFrom(...known), values),
    (overrides) => {
      for (const notebook of own) {
        const parameters = readParameters(notebook);
        const names = parameters.map(({ name }) => name);
        const changed = inTime(() => injectParameters(notebook, parameters, overrides));
        // 0 for -0: JSON's texts do not tell them apart, and no parameter does
        const given = Object.entries(overrides).filter(([name]) => names.includes(name));
        assert.deepEqual(
          JSON.parse(JSON.stringify(injectedGiven(changed, given))),
          JSON.parse(JSON.stringify(Object.fromEntries(given))),
        );
        changesIn(changed);
      }
    },
    0.3,
  );

  /** Only what was given: a call that is declared anew repeats the rest. */
  function injectedGiven(changed: Notebook, given: readonly [string, unknown][]): Overrides {
    const all = injectedValues(changed);
    return Object.fromEntries(given.flatMap(([name]) => (name in all ? [[name, all[name]]] : [])));
  }

  const notebooks = files.map((file) => readFileSync(join(folder, file), "utf8"));
  const small = notebooks.map((text) => {
    const { cells, ...rest } = JSON.parse(text) as Notebook;
    return { ...rest, cells: cells.slice(0, 6) };
  });

  fuzz(
    "a notebook is read, or refused with its name: damaged",
    fc.tuple(fc.constantFrom(...small), edits),
    ([notebook, all]) => {
      const found = readBack(edited(JSON.stringify(notebook, null, 1), all));
      if (found) injectParameters(found, readParameters(found), { seed: 2 });
    },
    0.3,
  );

  fuzz(
    "a notebook is read, or refused with its name: other things in it",
    fc.tuple(fc.constantFrom(...small), spoilings),
    ([notebook, all]) => {
      let text: string;
      try {
        text = JSON.stringify(spoilt(notebook, all, 7));
      } catch {
        return; // nobody can write that
      }
      const found = readBack(text ?? "");
      if (found) injectParameters(found, readParameters(found), { seed: 2 });
    },
    0.3,
  );

  const address = "#try-it?noise=0.3&hiddenLayers=[3,2]&batchSize=full&attack=worst&__proto__=1&noise=1";

  fuzz("the address of a page is followed, or refused by name", edits, (all) => {
    for (const experiment of Object.values(experiments)) {
      const demonstration = demonstrationOf(experiment);
      const given = inTime(() => valuesIn(edited(address, all)));
      if (given === undefined) continue;
      const outcome = outcomeOf(() => demonstration.check({ ...demonstration.defaults, ...given }));
      if ("error" in outcome) assert.ok(isNamed(outcome.error), (outcome.error as Error).stack);
      changedIn({ ...demonstration.defaults, ...given }, demonstration.defaults);
    }
  });

  const recordings = Object.keys(experiments)
    .map((name) => join(EVIDENCE_FOLDER, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((file) => readFileSync(join(path, file), "utf8")))
    .sort((a, b) => a.length - b.length)
    .slice(0, 6);

  /** Refused with what is wrong, or the same. */
  function sameOrRefused(text: string, good: string): void {
    const outcome = outcomeOf(() => readRecord(text));
    if ("error" in outcome) assert.ok(outcome.error instanceof EvidenceError, (outcome.error as Error).stack);
    else assert.deepEqual(outcome.value, readRecord(good));
  }

  fuzz(
    "evidence that was damaged is refused",
    fc.tuple(fc.constantFrom(...recordings), edits),
    ([good, all]) => {
      sameOrRefused(edited(good, all), good);
    },
    0.5,
  );

  const signed = (body: string, seeds: unknown): string =>
    `${body}${JSON.stringify({ seeds, digest: digestOf(body) })}\n`;
  const unsigned = (text: string): string => text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);

  fuzz(
    "evidence that was made up, with a digest, is read or refused",
    fc.tuple(fc.constantFrom(...recordings), edits),
    ([good, all]) => {
      const body = `${edited(unsigned(good).slice(0, -1), all)}\n`;
      const outcome = outcomeOf(() => readRecord(signed(body, body.split("\n").length - 2)));
      if ("error" in outcome)
        assert.ok(outcome.error instanceof EvidenceError, (outcome.error as Error).stack);
    },
    0.5,
  );

  fuzz(
    "a header that was made up is read or refused",
    fc.tuple(fc.constantFrom(...recordings), spoilings),
    ([good, all]) => {
      const body = unsigned(good);
      const [first, ...rest] = body.split("\n");
      let header: string | undefined;
      try {
        header = JSON.stringify(spoilt(JSON.parse(first), all));
      } catch {
        return;
      }
      const outcome = outcomeOf(() => readRecord(signed([header, ...rest].join("\n"), rest.length - 1)));
      if ("error" in outcome)
        assert.ok(outcome.error instanceof EvidenceError, (outcome.error as Error).stack);
      else recordText(outcome.value as never);
    },
    0.5,
  );
});
