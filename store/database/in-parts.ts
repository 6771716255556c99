/** How many ids one statement names: databases limit their parameters. */
const IDS_MAX = 500

/** Runs a statement for some of the ids at a time, one after the other. */
export async function inParts(
  ids: readonly string[],
  run: (part: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_MAX) {
    await run(ids.slice(start, start + IDS_MAX))
  }
}
