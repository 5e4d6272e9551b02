/** An invalid request, refused before any work starts. */
export class UsageError extends Error {
  override name = "UsageError";
}
