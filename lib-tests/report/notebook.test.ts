import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeCellNumber, hasTag, readExecutedNotebook, readNotebook } from "../../src/report/notebook.js";
import { freshFolder, notebook } from "./toys.js";

describe("a notebook's file", () => {
  const folder = freshFolder();
  const file = (content: unknown): string => {
    const path = join(folder(), "toy.ipynb");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };

  it("is read with sources joined and without outputs", () => {
    const path = file({
      nbformat: 4,
      nbformat_minor: 4,
      metadata: { title: "T" },
      cells: [
        { cell_type: "markdown", metadata: {}, source: ["# T\n", "text"] },
        {
          cell_type: "code",
          metadata: { tags: ["parameters"], collapsed: true },
          source: ["const a = 1;\n", "a"],
          execution_count: 7,
          outputs: [{ output_type: "stream", name: "stdout", text: ["1"] }],
        },
      ],
    });
    const { metadata, cells } = readNotebook(path);
    assert.deepEqual(metadata, { title: "T" });
    assert.deepEqual(cells, [
      { cell_type: "markdown", metadata: {}, source: "# T\ntext" },
      {
        cell_type: "code",
        metadata: { tags: ["parameters"], collapsed: true },
        source: "const a = 1;\na",
        execution_count: null,
        outputs: [],
      },
    ]);
    assert.equal(hasTag(cells[1], "parameters"), true);
    assert.equal(hasTag(cells[0], "parameters"), false);
  });

  it("is taken for ours when it says so in another way, or says nothing", () => {
    for (const metadata of [
      {},
      { kernelspec: { name: "tslab" } },
      { kernelspec: { name: "my-tslab", language: "typescript" } },
      { kernelspec: { name: "tslab" }, language_info: { name: "TypeScript" } },
    ]) {
      assert.deepEqual(readNotebook(file({ ...notebook(), metadata })).metadata, metadata);
    }
  });

  it("counts code cells from 1", () => {
    const toy = notebook({ cell_type: "markdown", metadata: {}, source: "" }, "a", "b");
    assert.deepEqual([codeCellNumber(toy, 1), codeCellNumber(toy, 2)], [1, 2]);
  });

  const refused: readonly [what: string, content: unknown, problem: RegExp][] = [
    ["no JSON", "{ nope", /^is not JSON: /],
    ["an empty file", "", /^is not JSON: /],
    ["other JSON", { name: "package" }, /^is not a Jupyter notebook: it has no nbformat$/],
    ["a list", [], /^is not a Jupyter notebook: it has no nbformat$/],
    ["an old notebook", { nbformat: 3, worksheets: [] }, /^must be in nbformat 4, got 3 /],
    ["no cells", { nbformat: 4, nbformat_minor: 5, metadata: {} }, /^is not a valid notebook: cells: /],
    [
      "a cell without source",
      { ...notebook(), cells: [{ cell_type: "code", metadata: {} }] },
      /^is not a valid notebook: cells\[0\]\.source: /,
    ],
    ...(
      [
        [{ kernelspec: { name: "python3", language: "python" } }, "in python"],
        [{ kernelspec: { name: "python3" }, language_info: { name: "python" } }, "in python"],
        [{ language_info: { name: "R" } }, "in R"],
        [{ kernelspec: { name: "julia-1.9" } }, "for the kernel julia-1.9"],
        [{ kernelspec: { name: "deno", language: "typescript" } }, "for the kernel deno"],
      ] as const
    ).map(([metadata, what]): [string, unknown, RegExp] => [
      JSON.stringify(metadata),
      { ...notebook(), metadata },
      new RegExp(`^is a notebook ${what}; only TypeScript for Node\\.js can be run$`),
    ]),
  ];
  for (const [what, content, problem] of refused) {
    it(`is refused by name: ${what}`, () => {
      const path = file(content);
      assert.throws(
        () => readNotebook(path),
        (error: Error) =>
          error.message.startsWith(`${path} `) && problem.test(error.message.slice(path.length + 1)),
      );
    });
  }

  it("is refused by name when it is nested beyond reason; for its outputs that is no reason", () => {
    const deep = (part: string): string =>
      JSON.stringify({
        ...notebook(),
        metadata: { a: part === "metadata" ? "@" : 1 },
        cells: [
          {
            cell_type: "code",
            metadata: { a: part === "cell" ? "@" : 1 },
            source: "1",
            execution_count: 1,
            outputs: [
              {
                output_type: "display_data",
                metadata: {},
                data: { "application/json": part === "output" ? "@" : 1 },
              },
            ],
          },
        ],
      }).replace('"@"', "[".repeat(20_000) + "]".repeat(20_000));
    for (const part of ["metadata", "cell"]) {
      assert.throws(() => readNotebook(file(deep(part))), /toy\.ipynb is nested more than 500 levels deep$/);
    }
    assert.equal(structuredClone(readExecutedNotebook(file(deep("output")))).cells.length, 1);
  });

  it("is refused by name when it cannot be read", () => {
    const path = join(folder(), "folder.ipynb");
    mkdirSync(path);
    assert.throws(() => readNotebook(path), {
      name: "NotebookFileError",
      message: /folder\.ipynb cannot be read: /,
    });
  });
});
