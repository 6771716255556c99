import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { captureFileOf } from '../../diagnosis/index.ts'
import { processesIn, type ProcessFiles } from '../../judge/index.ts'

const DEPTH_MAX = 16
const FILES_MAX = 100_000

/**
 * The names of the files of a capture as `kubeprof capture` writes it: with a manifest, or with profiles that are all
 * named as Go names them. Null for other folders.
 */
export function ownCaptureIn(folder: string): readonly string[] | null {
  const names = readdirSync(folder).sort()
  const profiles = names.map(captureFileOf).filter(({ kind }) => kind === 'profile')
  const isOwn = names.includes('capture.json') || profiles.every(({ type }) => type !== null)
  return profiles.length > 0 && isOwn ? names : null
}

/** The processes that the files of a folder and its folders are of; paths are within it. */
export function processesBelow(folder: string): readonly ProcessFiles[] {
  return processesIn(filesBelow(folder))
}

/** Links are not followed. */
function filesBelow(folder: string): readonly string[] {
  const files: string[] = []
  const open = [{ path: '', depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isFile() && files.length < FILES_MAX) files.push(inner)
      else if (entry.isDirectory() && depth < DEPTH_MAX)
        open.push({ path: inner, depth: depth + 1 })
    }
  }
  return files.sort()
}
