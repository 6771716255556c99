// Paths as Go's path/filepath has them on Unix; `profile/` has no Node types.

export interface TrimPathOptions {
  /** Prefixes to cut, separated by colons. */
  readonly trimPath: string
  /** Where sources lie, separated by colons: where nothing is to be cut, the path is cut behind such a folder's name. */
  readonly sourcePath: string
}

/**
 * The path as it reads below the sources.
 * https://github.com/google/pprof/blob/main/internal/report/source.go
 */
export function trimFilePath(path: string, { trimPath, sourcePath }: TrimPathOptions): string {
  if (trimPath === '') {
    for (const folder of pathList(sourcePath)) {
      const name = `/${baseName(folder)}/`
      const found = path.indexOf(name)
      if (found !== -1) return path.slice(found + name.length)
    }
  }
  for (const prefix of [...pathList(trimPath), '/proc/self/cwd/./', '/proc/self/cwd/']) {
    const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
    if (path.startsWith(folder)) return path.slice(folder.length)
  }
  return path
}

/** The shortest path of the same meaning. */
export function cleanPath(path: string): string {
  if (path === '') return '.'
  const isRooted = path.startsWith('/')
  if (!/\/\/|(?:^|\/)\.{1,2}(?:\/|$)|.\/$/.test(path)) return path
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!isRooted) parts.push('..')
  }
  const joined = parts.join('/')
  if (isRooted) return `/${joined}`
  return joined === '' ? '.' : joined
}

/** The last part of a path; `.` of nothing, `/` of a path of slashes. */
export function baseName(path: string): string {
  if (path === '') return '.'
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end)
}

function pathList(list: string): string[] {
  return list === '' ? [] : list.split(':')
}
