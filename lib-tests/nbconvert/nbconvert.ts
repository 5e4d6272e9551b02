/**
 * Jupyter's nbconvert as a user of the project has it: our kernel registered by `npm run kernelspec`, in a
 * folder of the test's own, so that neither the user's kernels nor the user's settings take part.
 */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Figure } from "../../src/charts/figure.js";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";
import { type Notebook, notebookName } from "../../src/report/notebook.js";
import { figureOf } from "../../src/report/page/charts.js";
import { findNotebooks } from "../../src/report/plan.js";
import { skipUnless } from "../support/skip.js";

const PROGRAM = "jupyter-nbconvert";
const KERNELSPEC = join(__dirname, "../../src/report/kernelspec.js");

/** The paths of the project's notebooks. */
export const NOTEBOOKS: string[] = findNotebooks([], join(PACKAGE_ROOT, "notebooks"), PACKAGE_ROOT);

/** nbconvert, and a folder for what it writes. */
export interface Nbconvert {
  folder: string;
  /**
   * Converts a notebook.
   *
   * @param path of the notebook
   * @param format what `--to` takes: html, notebook, markdown, latex
   * @param options more of nbconvert's options
   * @returns path of the main file, alone with what belongs to it in a folder in {@link folder}
   * @throws Error with nbconvert's own words when it fails
   */
  convert(path: string, format: keyof typeof ENDINGS, ...options: string[]): Promise<string>;
  /** Removes the folder. */
  remove(): void;
}

const ENDINGS = { html: ".html", notebook: ".ipynb", markdown: ".md", latex: ".tex" };

/** Prepares nbconvert for a suite; in its absence skips the suite with one line that says so. */
export function nbconvertOrSkip(suite: Mocha.Context): Nbconvert {
  skipUnless(suite, spawnSync(PROGRAM, ["--version"]).status === 0, `no ${PROGRAM} on PATH`);
  const folder = mkdtempSync(join(tmpdir(), "glass-house-nbconvert-"));
  const env = {
    ...process.env,
    JUPYTER_DATA_DIR: join(folder, "jupyter"),
    JUPYTER_CONFIG_DIR: join(folder, "jupyter"),
    // two notebooks run at a time
    GLASS_HOUSE_WORKERS: String(Math.max(1, Math.floor(availableParallelism() / 2))),
  };
  const registered = spawnSync(process.execPath, [KERNELSPEC, "install"], { env, encoding: "utf8" });
  if (registered.status !== 0) throw new Error(registered.stderr);
  return {
    folder,
    async convert(path, format, ...options) {
      const out = mkdtempSync(join(folder, "out-"));
      const args = ["--to", format, "--output-dir", out, "--log-level", "WARN", ...options, path];
      await promisify(execFile)(PROGRAM, args, { env });
      return join(out, `${notebookName(path)}${ENDINGS[format]}`);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A chart among the outputs of a notebook, and where it stands: positions from 0, cells of all kinds counted. */
export interface ChartOutput {
  cell: number;
  output: number;
  figure: Figure;
  /** Whether it brings the HTML that draws it live. */
  isLive: boolean;
}

/** The charts among the outputs of a notebook. */
export function chartOutputs({ cells }: Notebook): ChartOutput[] {
  return cells.flatMap((cell, index) =>
    cell.cell_type !== "code"
      ? []
      : cell.outputs.flatMap((output, position) => {
          const figure = figureOf(output);
          if (figure === null) return [];
          return [
            { cell: index, output: position, figure, isLive: "data" in output && "text/html" in output.data },
          ];
        }),
  );
}
