/** Not of Go's own library: its packages have no dot before the first slash. */
export function isOwn(name: string): boolean {
  const slash = name.indexOf('/')
  return slash === -1 ? name.startsWith('main.') : name.slice(0, slash).includes('.')
}
