/** A bound on synchronous work: a notebook's text may be made so that some library never comes to its end. */
import { createContext, Script } from "node:vm";

const context: { work: (() => unknown) | null } = { work: null };
createContext(context);
const script = new Script("work()");

/**
 * What `work` gives. It is not done in another context, only called from there: so the engine can stop it.
 *
 * @param seconds - how long it may take
 * @throws RangeError when it takes longer
 */
export function inTime<T>(seconds: number, work: () => T): T {
  context.work = work;
  try {
    return script.runInContext(context, { timeout: 1000 * seconds }) as T;
  } catch (error) {
    const isLate = (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    throw isLate ? new RangeError(`it takes longer than ${seconds} s`) : error;
  } finally {
    context.work = null;
  }
}
