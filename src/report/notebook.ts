/**
 * Jupyter notebooks (nbformat 4) as data, and how to read them from files. Reading joins every list of lines into one
 * string.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { KERNEL_NAME } from "./kernel-command.js";

/** A MIME bundle: one content in several representations. Text is a string; JSON types are JSON values. */
export type MimeBundle = Record<string, unknown>;

/** Text that a cell wrote to stdout or stderr. */
export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

/** Something a cell displayed. */
export interface DisplayDataOutput {
  output_type: "display_data";
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** The value of a cell. */
export interface ExecuteResultOutput {
  output_type: "execute_result";
  execution_count: number | null;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** An error as a Jupyter message. tslab sends none: its errors are text on stderr. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** An output of a code cell. */
export type Output = StreamOutput | DisplayDataOutput | ExecuteResultOutput | ErrorOutput;

/** A cell's metadata; notebooks may have more keys. */
export interface CellMetadata {
  tags?: string[] | undefined;
  [key: string]: unknown;
}

interface CellBase {
  /** Present from nbformat 4.5 on. */
  id?: string | undefined;
  metadata: CellMetadata;
  source: string;
}

/** A cell that a kernel executes. */
export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

/** A cell of prose. */
export interface MarkdownCell extends CellBase {
  cell_type: "markdown";
  /** Files that the text refers to, by name. */
  attachments?: Record<string, MimeBundle> | undefined;
}

/** A cell for another program, which no kernel executes and no page shows. */
export interface RawCell extends CellBase {
  cell_type: "raw";
}

/** A cell of a notebook. */
export type Cell = CodeCell | MarkdownCell | RawCell;

/** A whole notebook. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

/** A file does not exist, cannot be read or is not a notebook; the message names it. */
export class NotebookFileError extends Error {
  override name = "NotebookFileError";
}

const joined = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]);
const shared = {
  id: z.string().optional(),
  metadata: z.looseObject({ tags: z.array(z.string()).optional() }),
  source: joined,
};
const bundle = z
  .record(z.string(), z.unknown())
  .transform((data) =>
    Object.fromEntries(Object.entries(data).map(([type, value]) => [type, join(type, value)])),
  );
const metadata = z.record(z.string(), z.unknown());
const outputSchema = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.enum(["stdout", "stderr"]), text: joined }),
  z.object({ output_type: z.literal("display_data"), data: bundle, metadata }),
  z.object({
    output_type: z.literal("execute_result"),
    execution_count: z.number().nullable(),
    data: bundle,
    metadata,
  }),
  z.object({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

/** Joins a list of lines into one string, except in JSON types, where a list is data. */
function join(type: string, value: unknown): unknown {
  const isJson = type === "application/json" || type.endsWith("+json");
  return !isJson && Array.isArray(value) ? value.join("") : value;
}

/** Maximal nesting of a notebook; recursive functions fail at some thousands. */
const DEEPEST = 500;

/** Descends level by level, without recursion. */
function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return level.length > 0;
}

const notebookSchema = z.object({
  nbformat_minor: z.int().min(0),
  metadata: z.looseObject({
    kernelspec: z.looseObject({ name: z.string().optional(), language: z.string().optional() }).optional(),
    language_info: z.looseObject({ name: z.string().optional() }).optional(),
  }),
  cells: z.array(
    z.discriminatedUnion("cell_type", [
      z.object({
        cell_type: z.literal("code"),
        ...shared,
        // invalid outputs from earlier are no reason to refuse to run the notebook
        execution_count: z.number().nullable().catch(null),
        outputs: z
          .array(outputSchema)
          .refine((outputs) => !isTooDeep(outputs))
          .catch([]),
      }),
      z.object({
        cell_type: z.literal("markdown"),
        ...shared,
        attachments: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      }),
      z.object({ cell_type: z.literal("raw"), ...shared }),
    ]),
  ),
});
const versionSchema = z.object({ nbformat: z.number() });

/** The name of a notebook and of its report: the file name without extension. */
export function notebookName(path: string): string {
  return basename(path, ".ipynb");
}

/** Tag of the cells in which papermill says where a run failed. */
const FAILURE_TAG = "papermill-error-cell-tag";

/**
 * Reads a notebook to run it: without its outputs, and without papermill's cells about an earlier failure, as papermill
 * itself does. A skipped cell keeps its outputs.
 *
 * @throws NotebookFileError naming the file, when it cannot be read, is not JSON, or is not a notebook in nbformat 4 and
 * TypeScript
 */
export function readNotebook(path: string): Notebook {
  const notebook = readExecutedNotebook(path);
  const cells = notebook.cells
    .filter((cell) => !hasTag(cell, FAILURE_TAG))
    .map(
      (cell): Cell =>
        cell.cell_type === "code" && !isSkipped(cell)
          ? { ...cell, execution_count: null, outputs: [] }
          : cell,
    );
  return { ...notebook, cells };
}

/**
 * Reads a notebook with the outputs in its file; invalid outputs are dropped.
 *
 * @throws NotebookFileError as {@link readNotebook}
 */
export function readExecutedNotebook(path: string): Notebook {
  const json = parseJson(path, readText(path));
  const version = versionSchema.safeParse(json);
  if (!version.success) throw new NotebookFileError(`${path} is not a Jupyter notebook: it has no nbformat`);
  if (version.data.nbformat !== 4) {
    throw new NotebookFileError(
      `${path} must be in nbformat 4, got ${version.data.nbformat} ` +
        "(Jupyter converts older notebooks when it saves them)",
    );
  }
  const notebook = notebookSchema.safeParse(json);
  if (!notebook.success) {
    const { path: where, message } = notebook.error.issues[0] as z.core.$ZodIssue;
    const place = where.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
    throw new NotebookFileError(
      `${path} is not a valid notebook: ${place.slice(1) || "notebook"}: ${message}`,
    );
  }
  if (isTooDeep(notebook.data))
    throw new NotebookFileError(`${path} is nested more than ${DEEPEST} levels deep`);
  const foreign = otherLanguage(notebook.data.metadata);
  if (foreign !== null) {
    throw new NotebookFileError(`${path} is a notebook ${foreign}; only TypeScript for Node.js can be run`);
  }
  return { nbformat: 4, ...notebook.data };
}

/**
 * The language or kernel that a notebook names, if it is not ours. Not every front end notes the language, and Deno's
 * TypeScript has other globals and imports. A notebook that names nothing is taken for ours.
 */
function otherLanguage({
  kernelspec,
  language_info,
}: z.infer<typeof notebookSchema>["metadata"]): string | null {
  const kernel = kernelspec?.name;
  const language = kernelspec?.language ?? language_info?.name;
  if (language !== undefined && language.toLowerCase() !== "typescript") return `in ${language}`;
  const isOther =
    kernel === "deno" || (language === undefined && kernel !== undefined && kernel !== KERNEL_NAME);
  return isOther ? `for the kernel ${kernel}` : null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new NotebookFileError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotebookFileError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Whether a cell carries a tag. */
export function hasTag(cell: Cell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

/**
 * Whether a cell must not be executed. The tag is that of nbclient, and so of nbconvert, papermill and Jupyter Book.
 */
export function isSkipped(cell: Cell): boolean {
  return hasTag(cell, "skip-execution");
}

/** Whether a cell's outputs may differ from run to run, because it measures time. */
export function isNotReproducible(cell: Cell): boolean {
  return hasTag(cell, "not-reproducible");
}

/** A cell's position among the notebook's code cells, from 1, as shown to readers. */
export function codeCellNumber(notebook: Notebook, index: number): number {
  return notebook.cells.slice(0, index + 1).filter((cell) => cell.cell_type === "code").length;
}
