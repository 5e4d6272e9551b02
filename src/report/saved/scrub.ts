/** Removes paths of this machine from outputs. */
import { realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { PACKAGE_ROOT } from "../kernel-command.js";

/** A path and the name that replaces it. */
export type Place = readonly [path: string, name: string];

/** The paths of this package, its Node.js and its user's files. */
export function placesHere(): Place[] {
  const places: Place[] = [
    [PACKAGE_ROOT, "glass-house"],
    [process.execPath, "node"],
    [homedir(), "~"],
    [tmpdir(), "tmp"],
  ];
  return places.flatMap(([path, name]): Place[] => [
    [path, name],
    [realPath(path), name],
  ]);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it may not exist
  }
}

/**
 * Returns a function that replaces paths by names everywhere in a JSON value. Only whole paths are replaced: not `/root` in
 * `/rooted` or in `/the/root`.
 */
export function scrubber(places: readonly Place[]): <T>(value: T) => T {
  const known = places
    .filter(([path]) => /[^\\/]/.test(path))
    .sort(([a], [b]) => b.length - a.length)
    .map(
      ([path, name]) => [new RegExp(`(?<![\\w.~-])${escaped(path)}(?![\\w-]|\\.\\w)`, "g"), name] as const,
    );
  const scrubText = (text: string): string =>
    known.reduce((scrubbed, [path, name]) => scrubbed.replace(path, () => name), text);
  const scrub = (value: unknown): unknown => {
    if (typeof value === "string") return scrubText(value);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrub(item)]));
  };
  return scrub as <T>(value: T) => T;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
