/** Code shared by the commands: reading options, handling npm, and exit codes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./usage-error.js";

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** A command's options by name, and its other arguments. */
export type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; args: string[] }>
>;

/**
 * Reads this process's arguments.
 *
 * @throws UsageError when an option is unknown or lacks its value
 */
export function parseOptions<T extends Options>(options: T): Parsed<T> {
  try {
    return parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
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

/** Whether the command was started by `npm run script`, which sets environment variables. */
function isRunByNpm(script: string): boolean {
  return process.env.npm_lifecycle_event === script;
}

/** The folder that relative paths start from: npm runs scripts in the package's folder, but reports the user's. */
export function baseFolder(script: string): string {
  return (isRunByNpm(script) && process.env.INIT_CWD) || process.cwd();
}

/**
 * Without a `--` before them, npm takes options for its own and passes on only the rest.
 *
 * @param options - the command's option names
 * @throws UsageError when that happened, because the run would ignore the options
 */
export function checkNpmTookNothing(script: string, options: readonly string[]): void {
  const taken = options.find((name) => {
    const value = process.env[`npm_config_${name.replaceAll("-", "_")}`];
    return value !== undefined && !npmSettings(name).includes(value);
  });
  if (isRunByNpm(script) && taken) {
    throw new UsageError(
      `npm took --${taken} for its own; put -- before the options: npm run ${script} -- --${taken} …`,
    );
  }
}

/** The values of an npm setting in npm's own files: npm passes these on like options, but its `timeout` is not ours. */
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

/** Whether an error comes from the system, as that of a full disk: it explains itself without a stack trace. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code));
}

/**
 * Runs a command and sets the exit code: that of the command, 2 after a UsageError, 1 after other errors. Until the command
 * ends the code is 1, so that a process that ends early does not look successful.
 */
export function runCommand(main: () => Promise<number>): void {
  process.exitCode = 1;
  const tell = (): void => console.error("the command ended before it had finished");
  process.once("beforeExit", tell);
  // a full disk, or a pipe that nobody reads any more
  process.stdout.on("error", (error) => {
    console.error(`stopped, for nothing more can be told: ${error.message}`);
    process.exit(1);
  });
  main()
    .catch((error: unknown) => {
      console.error(error instanceof UsageError || isOfSystem(error) ? error.message : error);
      return error instanceof UsageError ? 2 : 1;
    })
    .then((code) => {
      process.off("beforeExit", tell);
      process.exitCode = code;
    });
}
