import assert from "node:assert/strict";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareFolder, underLock, writeWhole } from "../../src/report/write.js";
import { freshFolder } from "./toys.js";

describe("writing reports", () => {
  const folder = freshFolder();

  it("replaces a file as a whole and leaves nothing beside it", () => {
    const path = join(folder(), "a.html");
    writeFileSync(path, "old");
    // whoever has the old file open keeps it as it was: nothing is written into it
    const old = openSync(path, "r");
    writeWhole(path, "new");
    assert.equal(readFileSync(old, "utf8"), "old");
    closeSync(old);
    assert.equal(readFileSync(path, "utf8"), "new");
    assert.deepEqual(readdirSync(folder()), ["a.html"]);
  });

  it("leaves nothing beside a file that it could not replace", () => {
    const path = join(folder(), "a.html");
    mkdirSync(path);
    assert.throws(() => writeWhole(path, "new"));
    assert.deepEqual(readdirSync(folder()), ["a.html"]);
  });

  it("makes the folder, with those above it", () => {
    const deep = join(folder(), "a", "b");
    prepareFolder(deep);
    assert.deepEqual(readdirSync(deep), []);
  });

  it("refuses a folder that cannot be one", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "mine");
    // under /proc nothing can be made, and Node's own recursion would try for ever
    const others = process.platform === "linux" ? ["/proc/nowhere/below"] : [];
    for (const path of [file, join(file, "below"), ...others]) {
      assert.throws(
        () => prepareFolder(path),
        ({ name, message }: Error) =>
          name === "UsageError" && message.startsWith(`cannot write reports to ${path}: `),
      );
    }
    assert.equal(readFileSync(file, "utf8"), "mine");
  });

  it("refuses a lock that somebody's folder has the name of, and leaves that alone", () => {
    const lock = join(folder(), "lock");
    mkdirSync(lock);
    assert.throws(() => underLock(lock, () => assert.fail()), {
      name: "UsageError",
      message: `${lock} must be a file or missing, got a folder`,
    });
    assert.deepEqual(readdirSync(folder()), ["lock"]);
  });
});
