/** Compares a saved notebook with what its cells compute. */
import { type CodeCell, isNotReproducible, type Notebook } from "../notebook.js";
import { ipynbText } from "./ipynb-text.js";
import { normalForm } from "./normal-form.js";
import { rewriting } from "./parameters-cell.js";
import { stillProblems, withoutStills } from "./still-outputs.js";

/**
 * Lists the differences, one sentence each; none if parameters cell, text and figures are exactly those of the run, every
 * chart has its still picture, and the file has the form of committed notebooks. Outputs of cells tagged
 * `not-reproducible` are not compared.
 *
 * @param saved - the notebook in the file, with its outputs
 * @param text - the text of the file
 * @param fresh - the same notebook run now with its experiment's parameters, in normal form
 */
export function differences(saved: Notebook, text: string, fresh: Notebook): string[] {
  const bare = bareForm(saved);
  const inCells = saved.cells.flatMap((cell, index) => {
    const [before, now] = [bare.cells[index], fresh.cells[index]];
    if (cell.cell_type !== "code" || before?.cell_type !== "code" || now?.cell_type !== "code") return [];
    const problems = [...outputDifferences(before, now), ...stillProblems(cell.outputs)];
    return problems.map((problem) => `code cell ${before.execution_count} (${before.id}): ${problem}`);
  });
  const found = [...rewriting(saved, fresh), ...inCells];
  if (found.length === 0 && text !== committedText(saved)) {
    found.push("the file does not have the form of committed notebooks");
  }
  return found;
}

/** A saved notebook without its pictures, for comparison with a fresh one. */
export function bareForm(saved: Notebook): Notebook {
  return normalForm(withoutStills(saved));
}

/** The text of the file with the same content in the right form. */
function committedText(saved: Notebook): string {
  const normal = bareForm(saved);
  const cells = normal.cells.map((cell, index) => {
    const own = saved.cells[index];
    return cell.cell_type === "code" && own?.cell_type === "code" ? { ...cell, outputs: own.outputs } : cell;
  });
  return ipynbText({ ...normal, cells });
}

function outputDifferences(saved: CodeCell, fresh: CodeCell): string[] {
  if (isNotReproducible(saved)) return [];
  if (saved.outputs.length !== fresh.outputs.length) {
    return [`it has ${saved.outputs.length} outputs saved, but now gives ${fresh.outputs.length}`];
  }
  return saved.outputs.flatMap((output, index) => {
    const place = firstDifference(output, fresh.outputs[index]);
    return place === null ? [] : [`output ${index + 1}: ${place}`];
  });
}

/** Maximal number of characters of a value in a message. */
const MOST_SHOWN = 60;

/** The first difference between two JSON values, in words; null if they are equal. */
function firstDifference(saved: unknown, fresh: unknown, path = ""): string | null {
  if (Object.is(saved, fresh)) return null;
  if (typeof saved === "string" && typeof fresh === "string") {
    const start = commonStart(saved, fresh);
    return differenceText(path, saved.slice(start), fresh.slice(start));
  }
  if (!isContainer(saved) || !isContainer(fresh) || Array.isArray(saved) !== Array.isArray(fresh)) {
    return differenceText(path, saved, fresh);
  }
  for (const key of new Set([...Object.keys(saved), ...Object.keys(fresh)])) {
    const step = /^\d+$/.test(key) ? `[${key}]` : `${path === "" ? "" : "."}${key}`;
    const found = firstDifference(saved[key], fresh[key], `${path}${step}`);
    if (found !== null) return found;
  }
  return null;
}

function differenceText(path: string, saved: unknown, fresh: unknown): string {
  return `${path || "it"} is ${shown(saved)} in the file but now ${shown(fresh)}`;
}

/** Where to cut two texts before they differ; keeps a few characters of context. */
function commonStart(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return Math.max(0, same - MOST_SHOWN / 3);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
