/** How long a test waits for what must come: far longer than it takes, so that a busy machine fails no test. */
export const PATIENCE_MS = 90_000

/** When a test is taken to hang: after several waits in a row. */
export const TEST_MS_MAX = 10 * PATIENCE_MS
