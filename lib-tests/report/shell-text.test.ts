import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { ParameterValue } from "../../src/report/declarations.js";
import { parseAssignments } from "../../src/report/parameters.js";
import { shellAssignment, shellPath, unescaped } from "../../src/report/shell-text.js";
import { freshFolder } from "./toys.js";

/** What shells run, replace or end an argument at, each in the midst of other text. */
const HOSTILE: readonly string[] = [
  "$(touch ran)",
  "`touch ran`",
  "$HOME $env:PATH $",
  "!! !echo bang!",
  "%PATH% %%",
  "a & b && c | d > e < f ; g ^ h",
  'say "hi" and \\"bye\\"',
  "it's 'quoted'",
  "back\\slash\\",
  "line\nbreak\ttab\u0000",
  "“typographic” ‘quotes’",
  "*?[a-z]{1,2}~#",
  "Übung 漢字 😀",
  "\ud800 alone",
  "\\u0024 as text",
  "",
  " ",
];
const VALUES: readonly ParameterValue[] = [
  ...HOSTILE,
  HOSTILE.filter((text) => text !== ""),
  [3, 3],
  [],
  [[1], ["a", null, true]],
  0.3,
  -1e-14,
  true,
  null,
  "glorot",
  "true",
  "null",
  "3",
  "[3]",
  "-x",
];
/** Stands in no argument: PowerShell's typographic quotes, too. */
const FORBIDDEN = /[$`!%&|<>^;"\\\n“”„]/;

/** The arguments that a shell hands to a program. */
function argumentsIn(shell: string, line: string, cwd: string): string[] {
  const print = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
  const { stdout, stderr, status } = spawnSync(
    shell,
    ["-c", `"$0" -e '${print}' -- ${line}`, process.execPath],
    {
      cwd,
      encoding: "utf8",
    },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const SHELLS = ["bash", "zsh", "sh"].filter((shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0);

describe("a line for any shell", () => {
  const folder = freshFolder();

  it("is one argument in double quotes that holds nothing a shell would act on", () => {
    for (const text of VALUES.map((value) => shellAssignment("a$b", value))) {
      assert.match(text, /^"a\\u0024b=.*"$/s);
      assert.doesNotMatch(text.slice(1, -1).replace(/\\u[\da-f]{4}/g, ""), FORBIDDEN);
    }
    for (const text of HOSTILE.map(shellPath)) {
      assert.match(text, /^".*"$/s);
      assert.doesNotMatch(text.slice(1, -1).replace(/\\u[\da-f]{4}/g, ""), FORBIDDEN);
    }
  });

  it("is as a reader would type it where that is safe", () => {
    assert.equal(shellAssignment("hiddenLayers", [3, 3]), '"hiddenLayers=[3,3]"');
    assert.equal(shellAssignment("noise", 0.3), '"noise=0.3"');
    assert.equal(shellAssignment("initialisation", "he-uniform"), '"initialisation=he-uniform"');
    assert.equal(shellAssignment("names", ["a", "b c"]), "\"names=['a','b c']\"");
    assert.equal(shellPath("courses/mine.ipynb"), "courses/mine.ipynb");
    assert.equal(shellPath("my courses/mine.ipynb"), '"my courses/mine.ipynb"');
    assert.equal(shellPath("-mine.ipynb"), "./-mine.ipynb");
  });

  it("is read back as the value and the path it was written from", () => {
    for (const value of VALUES) {
      const argument = shellAssignment("a$b", value).slice(1, -1);
      assert.deepEqual(parseAssignments([argument]), { a$b: value }, argument);
    }
    for (const path of HOSTILE) assert.equal(unescaped(shellPath(path).slice(1, -1)), path);
  });

  for (const shell of SHELLS) {
    it(`comes through ${shell} unchanged`, () => {
      const texts = [...VALUES.map((value) => shellAssignment("a$b", value)), ...HOSTILE.map(shellPath)];
      assert.deepEqual(
        argumentsIn(shell, texts.join(" "), folder()),
        texts.map((text) => text.slice(1, -1)),
      );
      assert.deepEqual(readdirSync(folder()), []);
    });
  }

  it("may hold strings in single quotes, as JSON or as a reader types them", () => {
    const read = (value: string): ParameterValue => parseAssignments([`a=${value}`]).a;
    assert.equal(read("'3'"), "3");
    assert.equal(read("he"), "he");
    assert.equal(read('"he"'), "he");
    assert.deepEqual(read("['a', \"b'c\", 'd\"e', 'f\\'g', 'h\\\\']"), ["a", "b'c", 'd"e', "f'g", "h\\"]);
    assert.equal(read("it's"), "it's");
    assert.equal(read("'open"), "'open");
  });
});
