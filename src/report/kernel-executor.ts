/**
 * Wraps the execution of cells in our kernels: a failed cell first says what its reader can do, and progress lines learn
 * that the cell has ended. Import it before starting a kernel.
 */
import { endCell } from "../display/cell-end.js";
import { failureText } from "./cell-failure.js";

// require, because the properties of an import cannot be set; tslab's own modules take the executor from here
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
