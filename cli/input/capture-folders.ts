import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { captureFileOf } from '../../diagnosis/index.ts'
import { processesIn, type ProcessFiles } from '../../judge/index.ts'

const DEPTH_MAX = 16
const FILES_MAX = 100_000

/**
 * The file names of a capture as `kubeprof capture` writes it: with a manifest, or with profiles that all have Go's
 * names. Null for other folders.
 */
export function ownCaptureIn(path: string): readonly string[] | null {
  const names = readdirSync(path).sort()
  const profiles = names.map(captureFileOf).filter(({ kind }) => kind === 'profile')
  const isOwn = names.includes('capture.json') || profiles.every(({ type }) => type !== null)
  return profiles.length > 0 && isOwn ? names : null
}

/** The processes in a folder and its subfolders; paths are relative to it. */
export function processesBelow(path: string): readonly ProcessFiles[] {
  return processesIn(filesBelow(path))
}

/** Links are not followed. */
function filesBelow(path: string): readonly string[] {
  const files: string[] = []
  const open = [{ below: '', depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { below, depth } = next
    for (const entry of readdirSync(join(path, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isFile() && files.length < FILES_MAX) files.push(name)
      else if (entry.isDirectory() && depth < DEPTH_MAX)
        open.push({ below: name, depth: depth + 1 })
    }
  }
  return files.sort()
}
