import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PLOTLY_MIME } from "../../../src/display/mime.js";
import { type Notebook, readExecutedNotebook } from "../../../src/report/notebook.js";
import { ipynbText } from "../../../src/report/saved/ipynb-text.js";
import { normalForm } from "../../../src/report/saved/normal-form.js";
import { findPython } from "../../support/programs.js";
import { skipUnless } from "../../support/skip.js";
import { displayed, prose, ran, text } from "../page/sample.js";
import { freshFolder, notebook } from "../toys.js";

/** What there is of awkward texts, types and shapes. */
const toy = (): Notebook =>
  normalForm(
    notebook(
      {
        cell_type: "markdown",
        metadata: {},
        source: "# Ünï ≤ 𝛿\n\n$x$",
        attachments: { "a.png": { "image/png": "QUJD" } },
      },
      ran(
        "one\ntwo\r\nthree\u2028four",
        [
          text("a\rb\n\n"),
          displayed({
            "text/markdown": "| a |\n|---|",
            "image/png": "QUJD\n",
            "image/svg+xml": "<svg>\n</svg>",
            "application/json": { z: "a\nb", a: [], empty: {} },
          }),
          { output_type: "error", ename: "E", evalue: "v", traceback: ["one\ntwo"] },
        ],
        "parameters",
        "hide-input",
      ),
      ran(""),
      { cell_type: "raw", metadata: {}, source: "raw\n" },
    ),
    [],
  );

describe("the text of a notebook's file", () => {
  const folder = freshFolder();

  it("is read again as what it was written from", () => {
    const path = join(folder(), "toy.ipynb");
    const written = normalForm(
      notebook(prose("a\nb"), ran("c\n", [text("d\ne"), displayed({ "text/plain": "f\n" })])),
      [],
    );
    writeFileSync(path, ipynbText(written));
    assert.deepEqual(readExecutedNotebook(path), written);
  });

  it("has sorted keys, an indent of one space, text as lines, and a line for a list of numbers", () => {
    const figure = {
      layout: { b: 1, a: undefined },
      data: [
        {
          z: [
            [1, null],
            [0.5, -2],
          ],
          x: ["a"],
        },
      ],
    };
    const written = ipynbText(normalForm(notebook(ran("x\ny", [displayed({ [PLOTLY_MIME]: figure })])), []));
    assert.ok(written.startsWith('{\n "cells": [\n  {\n   "cell_type": "code",\n   "execution_count": 1,\n'));
    assert.ok(written.includes('   "source": [\n    "x\\n",\n    "y"\n   ]\n'));
    assert.ok(written.endsWith(' "nbformat": 4,\n "nbformat_minor": 5\n}\n'));
    const expected = `"z": [
          [1,null],
          [0.5,-2]
         ]`;
    assert.ok(written.includes(expected), written);
    assert.ok(written.includes('"layout": {\n        "b": 1\n       }'), written);
  });

  it("is the one that Jupyter writes, and valid", function () {
    const script = `
import sys, nbformat
notebook = nbformat.reads(sys.stdin.buffer.read().decode("utf8"), 4)
nbformat.validate(notebook)
sys.stdout.buffer.write((nbformat.writes(notebook) + "\\n").encode("utf8"))`;
    const written = ipynbText(toy());
    const run = (program: string): Buffer | null => {
      const { status, stdout } = spawnSync(program, ["-c", script], { input: written });
      return status === 0 ? stdout : null;
    };
    const python = findPython("nbformat");
    skipUnless(this, python, "no nbformat on this machine");
    assert.equal(run(python)?.toString("utf8"), written);
  });
});
