/** Tells how far something has got: at most ten times a second, and at least once, moved or not. */

/** Milliseconds between two looks. */
const INTERVAL = 100;
/**
 * Milliseconds after which it tells although nothing moved; with an interval on top it stays below a second.
 */
const SILENCE = 850;

/**
 * Starts telling, and tells at once.
 *
 * @param done - how much is done by now
 * @returns ends it, after a last word on what has not been told yet
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
