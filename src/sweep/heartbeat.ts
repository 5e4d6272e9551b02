/** Tells how far something has got: at most ten times a second, and at least once, moved or not. */

/** Milliseconds between checks. */
const INTERVAL = 100;
/** Milliseconds after which progress is reported even if nothing changed; with one interval more it stays below a second. */
const SILENCE = 850;

/**
 * Starts reporting progress, beginning at once.
 *
 * @param done - returns how much is done
 * @returns a function that stops, after a last report
 */
export function heartbeat(done: () => number, tell: (done: number) => void): () => void {
  let [told, toldAt] = [Number.NaN, 0];
  const look = (): void => {
    const [count, now] = [done(), performance.now()];
    if (count === told && now - toldAt < SILENCE) return;
    [told, toldAt] = [count, now];
    tell(count);
  };
  look();
  const timer = setInterval(look, INTERVAL);
  return () => {
    clearInterval(timer);
    look();
  };
}
