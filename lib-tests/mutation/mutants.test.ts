import assert from "node:assert/strict";
import { changeOf, mutated } from "./mutant.js";
import { mutantsOf } from "./mutants.js";

/** What becomes of a line of a function, each way once. */
function lines(line: string): string[] {
  const text = `"use strict";\nconst a_js_1 = require("./a.js");\nfunction f(x, y) {\n    ${line}\n}\n`;
  return mutantsOf(text).map((mutant) => {
    const change = changeOf(text, mutant);
    assert.deepEqual([change.line, change.before], [4, line]);
    assert.equal(mutated(text, mutant).split("\n").length, text.split("\n").length);
    return change.after;
  });
}

describe("mutants", () => {
  const cases: Record<string, readonly string[]> = {
    "return x + y;": ["return x - y;"],
    "return x < 1;": ["return x <= 1;", "return x < 0;"],
    "if (x) return y;": ["if (!(x)) return y;"],
    "if (x === y) return;": ["if (x !== y) return;"],
    "if (!x) return;": ["if (x) return;"],
    "if (x) throw new RangeError(y + 1);": ["if (!(x)) throw new RangeError(y + 1);", "if (x) ;"],
    "return x ? true : y;": ["return !(x) ? true : y;", "return x ? false : y;"],
    "y.push(x);": [";"],
    "for (let i = 0; x; i++) break;": [
      "for (let i = 1; x; i++) break;",
      "for (let i = 0; x; i--) break;",
      "for (let i = 0; x; i++) ;",
    ],
    "return (0, a_js_1.g)(x, y);": ["return (0, a_js_1.g)(y, x);"],
    "return Math.min(x, -2.5);": [
      "return Math.max(x, -2.5);",
      "return Math.min(x, 2.5);",
      "return Math.min(x, -(2.5 * 1.5));",
    ],
  };
  for (const [line, expected] of Object.entries(cases)) {
    it(`of ${line}`, () => assert.deepEqual(lines(line), expected));
  }

  it("leave alone what the compiler adds, and imports", () => {
    const plumbing = `"use strict";
var __importStar = (this && this.__importStar) || (function () { return 1; })();
Object.defineProperty(exports, "__esModule", { value: true });
exports.a = exports.b = void 0;
exports.f = f;
const a_js_1 = require("./a.js");
const z = __importStar(require("zod/mini"));
exports.a = 0;
`;
    const changes = mutantsOf(plumbing).map((mutant) => changeOf(plumbing, mutant));
    assert.deepEqual(
      changes.map(({ line, after }) => [line, after]),
      [
        [8, ";"],
        [8, "exports.a = 1;"],
      ],
    );
  });
});
