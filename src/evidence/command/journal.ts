/**
 * Keeps the results of an unfinished study in a file beside the final one, one line as soon as a point is measured. However
 * the process ends, only measurements in progress are lost.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../../report/usage-error.js";
import { fromJson, type Json, toJson } from "../codec.js";
import type { Header } from "../file.js";
import type { Place } from "../key.js";

/** What two parts of one recording have in common. */
type Identity = Pick<Header, "experiment" | "study" | "key" | "digest" | "machine">;

/** Milliseconds between flushes to the disk. */
const SYNC_INTERVAL = 5000;

/** The results of an unfinished study. */
export class Journal {
  readonly #path: string;
  readonly #results = new Map<number, unknown[]>();
  readonly #first: string;
  #file: number | undefined;
  #size: number;
  #synced = performance.now();

  /**
   * Reads earlier results; nothing is written before the first new one.
   *
   * @param path - path of the final file
   * @throws UsageError when the earlier results belong to another recording
   * @throws Error from the file system
   */
  constructor(path: string, { experiment, study, key, digest, machine }: Identity) {
    this.#path = `${path}.partial`;
    const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
    // an unfinished last line was cut off
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.#first = `${JSON.stringify({ experiment, study, key, digest, machine })}\n`;
    if (whole !== "" && !whole.startsWith(this.#first)) {
      throw new UsageError(
        `${this.#path} was started by other code, with other parameters or on another machine; ` +
          "delete it to start again, or choose another folder with --out",
      );
    }
    for (const line of whole.slice(this.#first.length).split("\n").slice(0, -1)) this.#take(line);
    this.#size = Buffer.byteLength(whole);
  }

  /** The results of a seed by point; there may be gaps. */
  of(seed: number): readonly unknown[] {
    return this.#results.get(seed) ?? [];
  }

  /** Seeds with at least one result. */
  get seeds(): number[] {
    return [...this.#results.keys()];
  }

  /**
   * Keeps a result.
   *
   * @throws TypeError when it is not plain data
   * @throws Error from the file system, which leaves the file unchanged
   */
  add({ seed, point }: Place, result: unknown): void {
    this.#append(`${JSON.stringify([seed, point, toJson(result)])}\n`);
    this.#keep(seed, point, result);
  }

  close(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
  }

  /** Deletes the file; close it first. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #take(line: string): void {
    try {
      const [seed, point, json] = JSON.parse(line) as [number, number, Json];
      this.#keep(seed, point, fromJson(json));
    } catch {
      // a power failure may leave garbage: that point is measured again
    }
  }

  #keep(seed: number, point: number, result: unknown): void {
    const own = this.#results.get(seed) ?? [];
    own[point] = result;
    this.#results.set(seed, own);
  }

  #append(line: string): void {
    if (this.#file === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#file = openSync(this.#path, "a");
    }
    const bytes = Buffer.from(this.#size === 0 ? this.#first + line : line);
    try {
      ftruncateSync(this.#file, this.#size);
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw Object.assign(error as Error, {
        message: `${(error as Error).message}; the results so far are kept in ${this.#path}; free some space and run the same command again`,
      });
    }
    this.#size += bytes.length;
    if (performance.now() - this.#synced < SYNC_INTERVAL) return;
    fsyncSync(this.#file);
    this.#synced = performance.now();
  }
}
