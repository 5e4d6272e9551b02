import { createHash } from "node:crypto";

/** A line as `sha256sum` writes it: the SHA-256 of a content, in hexadecimal, and the path of its file. */
export function sumLine(content: string | Buffer, path: string): string {
  return `${createHash("sha256").update(content).digest("hex")}  ${path}`;
}
