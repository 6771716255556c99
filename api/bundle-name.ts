/** Whether a file of this name is a whole capture: a tar, gzipped or not. */
export function isBundleName(name: string): boolean {
  return /\.(?:tar\.gz|tgz|tar)$/i.test(name)
}
