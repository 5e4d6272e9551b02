/**
 * What a kernel of ours does around each cell: one that fails says first what its reader can do about it, and what
 * still shows progress is told that the cell has ended. To be imported before a kernel is started.
 */
import { endCell } from "../display/cell-end.js";
import { failureText } from "./cell-failure.js";

// not an import, whose properties cannot be set: tslab's own modules get the executor from there
const tslab: typeof import("tslab/dist/executor") = require("tslab/dist/executor");

const { createExecutor } = tslab;
tslab.createExecutor = (folder, converters, console) => {
  const said: unknown[][] = [];
  const executor = createExecutor(folder, converters, {
    log: (...values) => console.log(...values),
    error: (...values) => said.push(values),
  });
  return {
    ...executor,
    async execute(source) {
      const isDone = await executor.execute(source);
      endCell(isDone);
      const text = failureText(said.splice(0));
      if (text !== "") console.error("%s", text);
      return isDone;
    },
  };
};
