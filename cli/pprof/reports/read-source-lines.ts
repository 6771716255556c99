import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { type ReadSourceLines, trimFilePath, type TrimPathOptions } from '../../../profile/index.ts'

/**
 * Finds source files as pprof does: absolute paths as they are, others below the folders of the source path (by default
 * the working directory) and below their parents.
 */
export function sourceLineReader(paths: TrimPathOptions): ReadSourceLines {
  const sourcePath = paths.sourcePath === '' ? process.cwd() : paths.sourcePath
  return (file) => {
    const path = trimFilePath(file, { ...paths, sourcePath })
    for (const candidate of isAbsolute(path) ? [path] : candidates(path, sourcePath)) {
      const text = readText(candidate)
      if (text !== null) return text.replace(/\n$/, '').split(/\r?\n/)
    }
    if (isAbsolute(path)) return { error: `open ${path}: no such file or directory` }
    return { error: `could not find file ${path} on path ${sourcePath}` }
  }
}

function candidates(path: string, sourcePath: string): string[] {
  return sourcePath.split(':').flatMap((folder) => {
    const found = [join(folder, path)]
    for (let parent = folder; parent !== dirname(parent);) {
      parent = dirname(parent)
      found.push(join(parent, path))
    }
    return found
  })
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
