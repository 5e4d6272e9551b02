/** Loaded before a command and all that it starts: a clock that is set a day forth or back whenever it is read. */
const DAY = 86_400_000;
const now = Date.now;
let reads = 0;
const jumping = (): number => now() + (reads++ % 2 === 0 ? DAY : -DAY);

globalThis.Date = class extends Date {
  constructor(...args: [] | [number]) {
    super(...((args.length === 0 ? [jumping()] : args) as [number]));
  }
  static override now(): number {
    return jumping();
  }
} as DateConstructor;
