/** A request that cannot be met as it stands; it is refused before any kernel starts. */
export class UsageError extends Error {
  override name = "UsageError";
}
