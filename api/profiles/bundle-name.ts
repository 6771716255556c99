/** Whether a file of this name is a whole capture: a tar, compressed by gzip or zstd or not. */
export function isBundleName(name: string): boolean {
  return /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)$/i.test(name)
}
