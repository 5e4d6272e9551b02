/** Groups the primitives of a section that share a loop. */
import type { Primitive, PrimitiveOperation, Recording, ValueView } from "./recording.js";

/** A primitive, or the copy that carries a value. */
export type Step = Omit<Primitive, "operation"> & { operation: PrimitiveOperation | "copy" };

/** Steps whose results have the same shape: one element of each is computed before the next element of any. */
export interface Group {
  primitives: Step[];
  rows: number;
  columns: number;
}

const REDUCTIONS = new Set(["product", "sumRows", "sumColumns", "count", "rank"]);

/** Whether an element of the result depends on several elements of an operand. */
export function isReduction({ operation }: Step): boolean {
  return REDUCTIONS.has(operation);
}

/** Whether a view shows the whole value unchanged. */
export function isWhole(view: ValueView, values: Recording["values"]): boolean {
  const { rows, columns } = values[view.value];
  return (
    (!view.isTransposed || rows === 1 || columns === 1) && view.rows === rows && view.columns === columns
  );
}

/**
 * Gathers primitives into groups, in an order in which they can be computed. A primitive may only join the group that
 * computes its operand if it uses the operand element by element.
 */
export function groupsOf(primitives: readonly Primitive[], values: Recording["values"]): Group[] {
  const groups: Group[] = [];
  const groupOf = new Map<number, number>();
  for (const primitive of primitives) {
    const { rows, columns } = values[primitive.result];
    const earliest = primitive.operands.map((view) => {
      const group = groupOf.get(view.value) ?? -1;
      const isInStep =
        !isReduction(primitive) && isWhole(view, values) && view.rows === rows && view.columns === columns;
      return isInStep ? group : group + 1;
    });
    const from = Math.max(0, ...earliest);
    let at = groups.findIndex(
      (group, index) => index >= from && group.rows === rows && group.columns === columns,
    );
    if (at === -1) at = groups.push({ primitives: [], rows, columns }) - 1;
    groups[at].primitives.push(primitive);
    groupOf.set(primitive.result, at);
  }
  return groups;
}
