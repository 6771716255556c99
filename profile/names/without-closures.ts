/** `F` for `F.func1.2`, `F.gowrap1` and `F-fm`. */
export function withoutClosures(name: string): string {
  return name.replace(/(?:\.(?:func|gowrap|deferwrap)\d+|\.\d+|-fm|-range\d+)+$/, '')
}
