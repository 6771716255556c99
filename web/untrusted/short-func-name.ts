/**
 * A function without the path of its package, as Go programmers write it: `etcd3.(*store).GetList`.
 */
export function shortFuncName(name: string): string {
  const bracket = name.search(/[[({]/)
  const slash = name.lastIndexOf('/', bracket === -1 ? name.length : bracket)
  return name.slice(slash + 1)
}
