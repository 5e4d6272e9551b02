/** Converts values that are kept as singles from doubles and back. */
import { Code } from "./code.js";

/** A value visible from outside: addresses of its doubles and singles, and their number. */
export interface Border {
  doubles: number;
  singles: number;
  count: number;
}

/** Writes a function that converts doubles, which must be exact as singles, in pairs; there must be room for one extra. */
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

/** Writes a function that converts singles to doubles. */
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
