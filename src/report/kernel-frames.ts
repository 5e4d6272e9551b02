/**
 * Lines of a stack trace that lie in the code of Node.js and of the kernel, and not in the cell's. No `\s`:
 * from each of many empty lines it would look through all that follow.
 */
const KERNEL_FRAME = /^[ \t]+at .*(?:node:|[\\/]tslab[\\/]dist[\\/]).*\n?/gm;

/** What went wrong, without the way that led to the cell: it is the same for every cell. */
export function withoutKernelFrames(text: string): string {
  return text.replace(KERNEL_FRAME, "");
}
