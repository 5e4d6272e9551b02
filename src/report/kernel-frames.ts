/** Lines of a stack trace that lie in the code of Node.js and of the kernel, and not in the cell's. */
const KERNEL_FRAME = /^\s+at .*(?:node:|[\\/]tslab[\\/]dist[\\/]|[\\/]report[\\/]tslab\.js).*\n?/gm;

/** What went wrong, without the way that led to the cell: it is the same for every cell. */
export function withoutKernelFrames(text: string): string {
  return text.replace(KERNEL_FRAME, "");
}
