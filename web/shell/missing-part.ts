/** As Vite, Chromium, Firefox and Safari say that a part of the app could not be loaded. */
const MISSING = /unable to preload|dynamically imported module|importing a module script/i

/** Whether a part of the app could not be loaded: the server is away, or has a newer version. */
export function isMissingPart(error: unknown): error is Error {
  return error instanceof Error && MISSING.test(error.message)
}
