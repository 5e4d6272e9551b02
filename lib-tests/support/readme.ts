/** The result to reproduce that a README promises. */
import assert from "node:assert/strict";

/** The program that its command gives to Node, and what that prints. */
export function reproducible(readme: string): { program: string; printed: string } {
  const [, program] = /^ {4}node -e "\n([^"]+)"$/m.exec(readme) ?? assert.fail("no command");
  const [, printed] = /^It prints.*\n\n((?: {4}.*\n)+)/m.exec(readme) ?? assert.fail("no result");
  return { program, printed: printed.replace(/^ {4}/gm, "") };
}
