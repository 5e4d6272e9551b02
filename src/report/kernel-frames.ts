/**
 * Lines of a stack trace in the code of Node.js or the kernel, not the cell. Avoids `\s`, which would be slow on many
 * empty lines.
 */
const KERNEL_FRAME = /^[ \t]+at .*(?:node:|[\\/]tslab[\\/]dist[\\/]|[\\/]report[\\/]kernel-\w+\.js).*\n?/gm;

/** Removes the part of a stack trace that leads to the cell, which is the same for every cell. */
export function withoutKernelFrames(text: string): string {
  return text.replace(KERNEL_FRAME, "");
}
