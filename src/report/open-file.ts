/** Opens a file in whatever this machine opens such files with. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds after which an opener that is still there has opened: some stay as long as the browser does. */
const SETTLED = 2000;

function opener(path: string): [program: string, ...args: string[]] {
  if (process.platform === "win32") return ["cmd", "/c", "start", "", path];
  return [process.platform === "darwin" ? "open" : "xdg-open", path];
}

/**
 * Opens a file.
 *
 * @returns why it could not be opened; undefined when it could
 */
export async function openFile(path: string): Promise<string | undefined> {
  const [program, ...args] = opener(path);
  const child = spawn(program, args, { detached: true, stdio: "ignore", windowsHide: true });
  child.unref();
  try {
    const [code] = await Promise.race([once(child, "exit"), delay(SETTLED, [0])]);
    return code === 0 ? undefined : `${program} ended with ${code}`;
  } catch (error) {
    return (error as Error).message;
  }
}
