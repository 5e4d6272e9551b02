/**
 * What has been measured of a study that is not complete yet: beside its file, a line as soon as a point of a seed is
 * measured. Whatever ends the process, only what was being measured is lost.
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

/** By what two parts of a recording belong together. */
type Identity = Pick<Header, "experiment" | "study" | "key" | "digest" | "machine">;

/** Milliseconds between two times at which the system is told to bring lines to the disk. */
const SYNC_INTERVAL = 5000;

/** Results beside a file that is not complete yet. */
export class Journal {
  readonly #path: string;
  readonly #results = new Map<number, unknown[]>();
  readonly #first: string;
  #file: number | undefined;
  #size: number;
  #synced = performance.now();

  /**
   * Takes up what is there beside a file; nothing is written before the first result.
   *
   * @throws UsageError when that belongs to another recording
   * @throws Error of the file system
   */
  constructor(path: string, { experiment, study, key, digest, machine }: Identity) {
    this.#path = `${path}.partial`;
    const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
    // what follows the last end of a line was cut off
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    this.#first = `${JSON.stringify({ experiment, study, key, digest, machine })}\n`;
    if (whole !== "" && !whole.startsWith(this.#first)) {
      throw new UsageError(
        `${this.#path} was begun by other code, with other parameters or on another machine; ` +
          "remove it to begin anew, or give another folder with --out",
      );
    }
    for (const line of whole.slice(this.#first.length).split("\n").slice(0, -1)) this.#take(line);
    this.#size = Buffer.byteLength(whole);
  }

  /** What was measured for a seed, by its points; there may be gaps. */
  of(seed: number): readonly unknown[] {
    return this.#results.get(seed) ?? [];
  }

  /** Seeds of which anything was measured. */
  get seeds(): number[] {
    return [...this.#results.keys()];
  }

  /**
   * Keeps a result.
   *
   * @throws TypeError when it is no plain data
   * @throws Error of the file system; the file is as it was before, then
   */
  add({ seed, point }: Place, result: unknown): void {
    this.#append(`${JSON.stringify([seed, point, toJson(result)])}\n`);
    this.#keep(seed, point, result);
  }

  /** Closes the file. */
  close(): void {
    if (this.#file === undefined) return;
    fsyncSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
  }

  /** Removes the file, closed before. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #take(line: string): void {
    try {
      const [seed, point, json] = JSON.parse(line) as [number, number, Json];
      this.#keep(seed, point, fromJson(json));
    } catch {
      // a machine that lost its power may have left anything there: it is measured again
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
        message: `${(error as Error).message}; what was measured is kept in ${this.#path}; make room, and run the same command again`,
      });
    }
    this.#size += bytes.length;
    if (performance.now() - this.#synced < SYNC_INTERVAL) return;
    fsyncSync(this.#file);
    this.#synced = performance.now();
  }
}
