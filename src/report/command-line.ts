/** What the commands of this package share: their options' values, npm's ways, and how they end. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.js";

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** The values of a command's options by name, and what is no option. */
export type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; args: string[] }>
>;

/**
 * Reads this process's arguments.
 *
 * @throws UsageError when there is an option that the command does not have, or one without its value
 */
export function parseOptions<T extends Options>(options: T): Parsed<T> {
  try {
    return parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** setTimeout's limit is 2^31 - 1 ms; a day is below it. */
const MAX_TIMEOUT = 86_400;

/** Reads the seconds that a cell may take. */
export function timeoutOption(text: string): number {
  return numberOption("--timeout", text, {
    what: `a number of seconds above 0 and at most ${MAX_TIMEOUT}`,
    allows: (value) => value > 0 && value <= MAX_TIMEOUT,
  });
}

/** Reads the number of notebooks to run at a time. */
export function jobsOption(text: string): number {
  return numberOption("--jobs", text, {
    what: "a whole number from 1",
    allows: (value) => Number.isSafeInteger(value) && value >= 1,
  });
}

/** Reads an option that is a number. */
export function numberOption(
  name: string,
  text: string,
  { what, allows }: { what: string; allows: (value: number) => boolean },
): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!allows(value)) throw new UsageError(`${name} must be ${what}, got "${text}"`);
  return value;
}

/** Whether npm started the command as `npm run script`, and so speaks to it through the environment. */
function isRunByNpm(script: string): boolean {
  return process.env.npm_lifecycle_event === script;
}

/** The folder from which paths start: npm runs scripts in the package's, and says where its user stands. */
export function baseFolder(script: string): string {
  return (isRunByNpm(script) && process.env.INIT_CWD) || process.cwd();
}

/**
 * Without `--` before them, npm takes options for its own and hands on the rest.
 *
 * @param options - their names
 * @throws UsageError when that happened: the run would not be the one that was asked for
 */
export function checkNpmTookNothing(script: string, options: readonly string[]): void {
  const taken = options.find((name) => {
    const value = process.env[`npm_config_${name.replaceAll("-", "_")}`];
    return value !== undefined && !npmSettings(name).includes(value);
  });
  if (isRunByNpm(script) && taken) {
    throw new UsageError(
      `npm kept --${taken} for itself; put -- before the options: npm run ${script} -- --${taken} …`,
    );
  }
}

/** What npm's own files set under a name: npm hands that on as it does options, and its `timeout` is not ours. */
function npmSettings(name: string): string[] {
  const { npm_config_local_prefix: project, npm_config_userconfig, npm_config_globalconfig } = process.env;
  const files = [project && join(project, ".npmrc"), npm_config_userconfig, npm_config_globalconfig];
  const setting = new RegExp(`^\\s*${name}\\s*=\\s*(["']?)(.*?)\\1\\s*$`, "gm");
  return files
    .filter((file) => file && existsSync(file))
    .flatMap((file) =>
      [...readFileSync(file as string, "utf8").matchAll(setting)].map(([, , value]) => value),
    );
}

/**
 * Runs a command, whose result is the exit code: 2 when the request cannot be met, 1 for other errors. Until
 * then it is 1, so that a process that ends early, for want of anything to wait for or in the middle of
 * somebody's library, does not look like one that succeeded.
 */
export function runCommand(main: () => Promise<number>): void {
  process.exitCode = 1;
  const tell = (): void => console.error("the command ended before its work was done");
  process.once("beforeExit", tell);
  main()
    .catch((error: unknown) => {
      console.error(error instanceof UsageError ? error.message : error);
      return error instanceof UsageError ? 2 : 1;
    })
    .then((code) => {
      process.off("beforeExit", tell);
      process.exitCode = code;
    });
}
