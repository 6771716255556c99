import { formatDurationNs, formatSizeBytes } from '../../profile/index.ts'
import type { CapturePartOutcome, CaptureProgress } from '../../collect/index.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { cleanText } from '../terminal/terminal-text.ts'

/** Prints the progress of a capture. */
export interface ProgressPrinter {
  readonly print: (progress: CaptureProgress) => void
  /** Erases what is drawn. */
  readonly close: () => void
}

const BAR_CELLS = 30
const DRAW_MS = 200

/** On a terminal a bar moves while the process is measured; elsewhere each part is one line. */
export function printProgress(io: CommandIo): ProgressPrinter {
  let timer: NodeJS.Timeout | null = null
  const clear = () => {
    if (timer === null) return
    clearInterval(timer)
    timer = null
    io.writeError(ERASE_LINE)
  }
  const draw = (label: string, seconds: number | null) => {
    const startMs = performance.now()
    const step = () => {
      const passedSeconds = (performance.now() - startMs) / 1000
      io.writeError(`${ERASE_LINE}  ${label.padEnd(NAME_CELLS)} ${barText(passedSeconds, seconds)}`)
    }
    timer = setInterval(step, DRAW_MS)
    step()
  }
  return {
    print(progress) {
      clear()
      if (progress.event === 'begins') {
        if (io.isTerminal) draw(progress.fileName, progress.seconds)
        else if (progress.seconds !== null) {
          io.writeError(`  ${progress.fileName}: measuring for ${progress.seconds} s\n`)
        }
      } else if (progress.event === 'waits') {
        const wait = formatDurationNs(progress.forMs * 1e6)
        io.writeError(
          `  ${progress.fileName}: tried again in ${wait}: ${cleanText(progress.error.message)}\n`,
        )
      } else {
        io.writeError(partLine(progress.part))
      }
    },
    close: clear,
  }
}

/** Returns to the start of the line and erases it. */
const ERASE_LINE = '\r\u001b[K'
const NAME_CELLS = 22

function barText(passedSeconds: number, seconds: number | null): string {
  if (seconds === null) return '...'
  const cells = Math.min(BAR_CELLS, Math.floor((passedSeconds / seconds) * BAR_CELLS))
  const passed = Math.min(seconds, Math.floor(passedSeconds))
  return `${'█'.repeat(cells)}${'░'.repeat(BAR_CELLS - cells)} ${passed} of ${seconds} s`
}

function partLine({
  fileName,
  state,
  sizeBytes,
  durationMs,
  error,
  note,
}: CapturePartOutcome): string {
  const name = fileName.padEnd(NAME_CELLS)
  if (state === 'taken') {
    const took = formatDurationNs((durationMs ?? 0) * 1e6)
    const noteText = note === null ? '' : `  ${cleanText(note)}`
    return `  ${name} ${formatSizeBytes(sizeBytes ?? 0).padStart(9)}  ${took.padStart(7)}${noteText}\n`
  }
  const why = error?.message ?? note ?? ''
  return `  ${name} ${state === 'failed' ? 'failed' : 'not taken'}: ${cleanText(why)}\n`
}
