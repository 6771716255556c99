/** One file of an arriving bundle. Bodies come in order, and each must be read to its end. */
export interface BundleEntry {
  /** As written in the bundle: never used as a path. */
  readonly name: string
  readonly body: AsyncIterable<Uint8Array>
}

/** An entry of a tar that is no file: a link, a device. It is left out and reported. */
export interface SkippedEntry {
  readonly name: string
  /** `symbolic link to /etc/passwd` */
  readonly what: string
}

/** The base name of the file, for paths of any system. */
export function baseNameOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}
