/** One file of a bundle as it arrives. Bodies come one after the other, each to be read to its end. */
export interface BundleEntry {
  /** As the bundle has it: data, never a path. */
  readonly name: string
  readonly body: AsyncIterable<Uint8Array>
}

/** The name of the file alone, in whatever folder of whatever system it lay. */
export function baseNameOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}
