import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { captureFileOf } from '../../diagnosis/index.ts'
import type { ProcessFiles } from '../../judge/index.ts'
import { ownCaptureIn, processesBelow } from '../input/capture-folders.ts'
import { type PackedFile, packFiles, packFolder } from './send-bundle.ts'

/** A capture of one process, to be uploaded. */
export interface ProcessBundle {
  /** Component and instance, from its folder. */
  readonly fields: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  /** Empty profiles, which are left out. */
  readonly emptyFiles: readonly string[]
  /** Symbolic links, which are left out. */
  readonly links: readonly string[]
}

/** The captures in a folder, none where it holds no file: one of ours, or one for each process whose profiles another tool stored there. */
export async function bundlesOf(folder: string): Promise<readonly ProcessBundle[]> {
  const processes =
    ownCaptureIn(folder) === null
      ? processesBelow(folder).filter(({ profiles }) => profiles.length > 0)
      : []
  if (processes.length === 0) {
    const body = await packFolder(folder)
    return body === null ? [] : [{ fields: {}, body, emptyFiles: [], links: linksIn(folder) }]
  }
  const bundles: ProcessBundle[] = []
  for (const process of processes) bundles.push(await bundleOf(folder, process))
  return bundles
}

async function bundleOf(folder: string, process: ProcessFiles): Promise<ProcessBundle> {
  const { component, instance, profiles, logs, others } = process
  const isEmpty = (path: string) => statSync(join(folder, path)).size === 0
  const kept = others.filter((path) => captureFileOf(path).kind !== 'other')
  const files = [
    ...profiles.map((path) => packed(folder, path, profileName(path))),
    ...logs.map((path) => packed(folder, path, logName(path))),
    ...kept.map((path) => packed(folder, path, basename(path))),
  ]
  return {
    fields: {
      ...(component === null ? {} : { component }),
      ...(instance === '' ? {} : { instance }),
    },
    body: await packFiles(files),
    emptyFiles: profiles.filter(isEmpty),
    links: [],
  }
}

function linksIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name)
}

function packed(folder: string, path: string, name: string): PackedFile {
  return { name, path: join(folder, path) }
}

/** Files without an extension are named after the path that serves them. */
function profileName(path: string): string {
  const name = basename(path)
  if (captureFileOf(name).kind === 'profile') return name
  return name.includes('.') ? 'goroutine-debug2.txt' : `${name === 'profile' ? 'cpu' : name}.pb.gz`
}

function logName(path: string): string {
  return basename(path) === 'logs.txt' ? `${basename(join(path, '..'))}.log` : basename(path)
}
