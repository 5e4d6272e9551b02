/** Where values are kept as singles: how they come from doubles, and go back. */
import { Code } from "./code.js";

/** A value that is seen from outside: addresses of its doubles and of its singles, and how many there are. */
export interface Border {
  doubles: number;
  singles: number;
  count: number;
}

/** A function that makes singles of doubles, which must be singles' numbers. Two at a time: there is room for one more. */
export function toSingles(borders: readonly Border[]): Code {
  return pairByPair(borders, (code, { doubles, singles }, index) => {
    code.get(index);
    code.i32(4);
    code.op("i32.mul");
    code.get(index);
    code.i32(8);
    code.op("i32.mul");
    code.access("v128.load", doubles);
    code.op("f32x4.demote_f64x2_zero");
    code.access("v128.store64_lane", singles, 0);
  });
}

/** A function that makes doubles of singles. */
export function toDoubles(borders: readonly Border[]): Code {
  return pairByPair(borders, (code, { doubles, singles }, index) => {
    code.get(index);
    code.i32(8);
    code.op("i32.mul");
    code.get(index);
    code.i32(4);
    code.op("i32.mul");
    code.access("v128.load64_zero", singles);
    code.op("f64x2.promote_low_f32x4");
    code.access("v128.store", doubles);
  });
}

function pairByPair(
  borders: readonly Border[],
  body: (code: Code, border: Border, index: number) => void,
): Code {
  const code = new Code();
  const index = code.local("i32");
  for (const border of borders) code.count(index, 0, border.count, 2, () => body(code, border, index));
  return code;
}
