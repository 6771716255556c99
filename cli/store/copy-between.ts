import { copyStore, type CopyReport, type Store } from '../../store/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import type { CommandIo } from '../terminal/command-io.ts'

const PROGRESS_MS = 1000
const LISTED_MAX = 20

export interface CopyNames {
  readonly command: string
  /** What was done, for the last line: `backed up`. */
  readonly done: string
  readonly place: string
}

/** Copies one store into another and reports it. Returns the exit code: 1 when files are not whole. */
export async function copyBetween(
  from: Store,
  to: Store,
  { command, done, place, io }: CopyNames & { readonly io: CommandIo },
): Promise<number> {
  let shownAtMs = performance.now()
  const report = await copyStore({
    from,
    to,
    nowMs: Date.now(),
    onProgress({ doneCount, copiedBytes }) {
      if (!io.isTerminal || performance.now() - shownAtMs < PROGRESS_MS) return
      shownAtMs = performance.now()
      io.writeError(
        `kubeprof ${command}: ${doneCount} files, ${formatSizeBytes(copiedBytes)} copied\n`,
      )
    },
  })
  io.writeOut(`${done} ${summary(report)}: ${place}\n`)
  for (const { key, fault } of report.faulty.slice(0, LISTED_MAX)) {
    io.writeError(`kubeprof ${command}: ${fault}: ${key}\n`)
  }
  if (report.faulty.length === 0) return 0
  io.writeError(
    `kubeprof ${command}: ${report.faulty.length} files are not whole and were left out; see kubeprof verify\n`,
  )
  return 1
}

function summary({ rowCount, doneCount, copiedCount, copiedBytes }: CopyReport): string {
  const size = formatSizeBytes(copiedBytes)
  return `${rowCount} rows and ${doneCount} files (${copiedCount} of them copied now, ${size})`
}
