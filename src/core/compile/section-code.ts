/**
 * Writes the instructions of a section: groups of primitives, each as straight-line code if that is short, otherwise in
 * loops.
 */
import { Code } from "./code.js";
import { type Block, Elements, type Index, START } from "./elements.js";
import { type Group, groupsOf, isReduction, type Step } from "./groups.js";
import type { Section } from "./recording.js";
import {
  type Form,
  formOf,
  lengthOf,
  type ModuleContext,
  SHORT_SUM,
  StepWriter,
  termsOf,
} from "./step-code.js";
import { writeSums } from "./sums.js";

/** Number of instructions beyond which a loop's body is not extended. */
const LONG_BODY = 120;
/** Maximal number of sums computed side by side. */
const SUMS = 12;

/** Writes the function of a section. */
export function sectionCode(section: Section, context: ModuleContext): Code {
  const code = new Code(context.layout.trainings === 1 ? [] : ["i32"]);
  const { values, constants } = context.recording;
  const numbers = new Map(constants.map(({ value, number }) => [value, number]));
  const { layout, memory, addresses, wanted } = context;
  const elements = new Elements(code, layout, memory, addresses, numbers, wanted);
  const writerOf = (group: Group): GroupWriter => new GroupWriter(code, elements, group, context, numbers);
  elements.inScope(() => {
    // sums wait for others of the same length, to be computed side by side
    let waiting: GroupWriter[] = [];
    const writeWaiting = (): void => {
      while (waiting.length > 0) {
        const alike = waiting.filter((writer) => writer.goesWith(waiting[0]));
        GroupWriter.writeTogether(alike);
        waiting = waiting.filter((writer) => !alike.includes(writer));
      }
    };
    for (const group of groupsOf(section.primitives, values)) {
      const writer = writerOf(group);
      if (waiting.some((other) => writer.takesFrom(other))) writeWaiting();
      if (writer.canWait) waiting.push(writer);
      else writer.write();
    }
    writeWaiting();
    for (const { from, to } of section.carries) {
      elements.forget(to);
      const copy: Step = { operation: "copy", phase: "evaluation", operands: [from], result: to };
      writerOf({ primitives: [copy], ...values[to] }).write();
    }
  });
  return code;
}

/** Writes a group. */
class GroupWriter {
  private readonly form: Form;
  private readonly steps: StepWriter;

  constructor(
    private readonly code: Code,
    private readonly elements: Elements,
    private readonly group: Group,
    private readonly context: ModuleContext,
    numbers: ReadonlyMap<number, number>,
  ) {
    this.form = formOf(group, context.recording.values);
    this.steps = new StepWriter(code, elements, this.form, context, numbers);
  }

  // ---- sums side by side ----

  /** Whether the group starts with a long sum in a loop and has no other. */
  get canWait(): boolean {
    const { context } = this;
    const { outerCount, innerCount } = this.form;
    const [first, ...others] = this.group.primitives;
    return (
      !context.isStraight &&
      isReduction(first) &&
      !others.some(isReduction) &&
      termsOf(first) > SHORT_SUM &&
      this.steps.reduction(first).summation !== "pairwise" &&
      outerCount * Math.ceil(innerCount / context.layout.neighbours) <= SUMS
    );
  }

  /** Whether two groups that can wait have similar sums. */
  goesWith(other: GroupWriter): boolean {
    const [one, two] = [this, other].map((writer) => writer.steps.reduction(writer.group.primitives[0]));
    return one.count === two.count && one.summation === two.summation;
  }

  /** Whether this group needs a result of the other. */
  takesFrom(other: GroupWriter): boolean {
    const results = other.group.primitives.map(({ result }) => result);
    return this.group.primitives.some(({ operands }) =>
      operands.some(({ value }) => results.includes(value)),
    );
  }

  /** Writes waiting groups with similar sums. */
  static writeTogether(writers: readonly GroupWriter[]): void {
    const blocks = writers.map((writer) => writer.allBlocks());
    const all = writers.map((writer, i) => {
      const sums = writer.steps.sums(writer.group.primitives[0], blocks[i]);
      return { ...sums, isSingle: sums.isSingle && writers.length === 1 };
    });
    const sums = writeSums(writers[0].steps.sumContext, all);
    writers.forEach((writer, i) => {
      const [first, ...others] = writer.group.primitives;
      writer.steps.putSums(first, blocks[i], sums[i]);
      writer.steps.write(others, blocks[i]);
    });
  }

  // ---- loops ----

  write(): void {
    const { code, elements } = this;
    const { outerCount, innerCount } = this.form;
    const { isStraight, phases } = this.context;
    const { primitives } = this.group;
    const { neighbours } = this.context.layout;
    const vectors = Math.ceil(innerCount / neighbours);
    const length = primitives.reduce((sum, step) => sum + lengthOf(step, phases), 0);
    const isLongSum = primitives.some((step) => isReduction(step) && termsOf(step) > SHORT_SUM);
    const isWrittenOut = isStraight || outerCount * vectors * length <= LONG_BODY;
    const most = isLongSum ? SUMS : Math.max(1, Math.floor(LONG_BODY / length));
    if (isWrittenOut || outerCount * vectors <= most) {
      this.writeTile(this.allBlocks());
      return;
    }
    const tile = Math.min(vectors, isLongSum && vectors > SUMS ? 8 : most);
    const writeRow = (outer: Index): void => {
      const tiles = tile < vectors ? Math.floor(Math.floor(innerCount / neighbours) / tile) : 0;
      const step = tile * neighbours;
      if (tiles > 1) {
        const local = code.local("i32");
        code.count(local, 0, tiles * step, step, () =>
          elements.inScope(() => this.writeTile(this.blocks(outer, { local, constant: 0 }, tile))),
        );
      }
      for (let v = tiles > 1 ? tiles * tile : 0; v < vectors; v += tile) {
        const count = Math.min(tile, vectors - v);
        elements.inScope(() => this.writeTile(this.blocks(outer, { constant: v * neighbours }, count)));
      }
    };
    if (outerCount === 1) {
      writeRow(START);
      return;
    }
    const local = code.local("i32");
    code.count(local, 0, outerCount, 1, () => elements.inScope(() => writeRow({ local, constant: 0 })));
  }

  private allBlocks(): Block[] {
    const vectors = Math.ceil(this.form.innerCount / this.context.layout.neighbours);
    return Array.from({ length: this.form.outerCount }, (_, o) =>
      this.blocks({ constant: o }, START, vectors),
    ).flat();
  }

  /** Neighbouring blocks of a row. */
  private blocks(outer: Index, { local, constant }: Index, count: number): Block[] {
    const { neighbours } = this.context.layout;
    return Array.from({ length: count }, (_, b) => {
      const at = constant + neighbours * b;
      const lanes = local === undefined ? Math.min(neighbours, this.form.innerCount - at) : neighbours;
      return { outer, inner: local === undefined ? { constant: at } : { local, constant: at }, lanes };
    });
  }

  private writeTile(blocks: readonly Block[]): void {
    this.steps.write(this.group.primitives, blocks);
  }
}
