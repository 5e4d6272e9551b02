/**
 * Assigns rows to columns at the least total cost, by shortest augmenting paths (Jonker and Volgenant 1987,
 * A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 38).
 *
 * @param cost - n x n
 * @returns the column of each row
 * @throws RangeError when a cost is not finite or a row does not have n numbers
 */
export function assignment(cost: readonly (readonly number[])[]): number[] {
  const n = cost.length;
  const bad = cost.flat().find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RangeError(`cost must hold finite numbers, got ${bad}`);
  const short = cost.find((row) => row.length !== n);
  if (short) throw new RangeError(`cost must have ${n} numbers in each row, got ${short.length}`);
  // rows and columns count from 1: column 0 holds the row to assign next; row 0 means none
  const rowPrices = new Float64Array(n + 1);
  const columnPrices = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1);
  for (let row = 1; row <= n; row++) {
    const shortest = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(n + 1);
    const reached = [0];
    const open = new Set(Array.from({ length: n }, (_, j) => j + 1));
    rowOf[0] = row;
    let column = 0;
    while (rowOf[column] !== 0) {
      const own = rowOf[column];
      let next = 0;
      for (const j of open) {
        const path = cost[own - 1][j - 1] - rowPrices[own] - columnPrices[j];
        if (path < shortest[j]) {
          shortest[j] = path;
          before[j] = column;
        }
        if (next === 0 || shortest[j] < shortest[next]) next = j;
      }
      const step = shortest[next];
      for (const j of reached) {
        rowPrices[rowOf[j]] += step;
        columnPrices[j] -= step;
      }
      for (const j of open) shortest[j] -= step;
      open.delete(next);
      reached.push(next);
      column = next;
    }
    for (; column !== 0; column = before[column]) rowOf[column] = rowOf[before[column]];
  }
  const columns = new Array<number>(n);
  for (let column = 1; column <= n; column++) columns[rowOf[column] - 1] = column - 1;
  return columns;
}
