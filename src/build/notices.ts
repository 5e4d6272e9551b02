/** The licences of the packages in a bundle: each asks to go with every copy, and minifying drops most of them. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** A package's licence: the file of that name, or else the comment at the head of one of its files in the bundle. */
function licence(folder: string, inputs: readonly string[]): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), "utf8").trim();
  for (const input of inputs.filter((path) => path.startsWith(`${folder}/`))) {
    const [, head] = /^\/\*([^*]*Copyright[^*]*)\*\//.exec(readFileSync(input, "utf8")) ?? [];
    if (head !== undefined) return head.trim();
  }
  throw new Error(`no licence in ${folder}`);
}

/**
 * A comment for the head of a bundle; empty if the bundle has nothing but our own code.
 *
 * @param inputs - the paths of the files in it, with `/` between folders
 * @throws Error where a package has no licence
 */
export function notices(inputs: readonly string[]): string {
  const folders = new Set(
    inputs.flatMap((path) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => `/*!\n${basename(folder)}: ${licence(folder, inputs)}\n*/\n`)
    .join("");
}
