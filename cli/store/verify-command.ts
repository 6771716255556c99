import { type Store, type VerifyReport, verifyStore } from '../../store/index.ts'
import { DATA_FLAGS, readServiceSettings } from '../service/service-flags.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { defineCommand } from '../terminal/define-command.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { noteCommand, withStore } from './open-data-store.ts'
import { placeOf } from '../settings/place-of.ts'

const PROGRESS_MS = 1000
const LISTED_MAX = 100

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  repair: {
    kind: 'switch',
    help: 'Put back what is in the trash, compute damaged columns and history again, move orphans to the trash',
  },
  accept: {
    kind: 'switch',
    help: 'Accept that database and files belong together as they are, so that deletion goes on',
  },
  ...DATA_FLAGS,
}

const USAGE = `usage: kubeprof verify [flags]

Reads every stored file and compares it with its row and its hash, while servers and workers go on. It deletes nothing.
  dangling  the file of a row is in the trash alone      missing   the file of a row is nowhere
  corrupt   a file does not have the hash of its name    orphaned  no row refers to a file
Exits with 1 when something is wrong, or deletion is stopped.
`

/** `kubeprof verify`. */
export const runVerify = defineCommand({
  name: 'verify',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: 0,
  run,
})

async function run({ text, switches }: ParsedFlags, io: CommandIo): Promise<number> {
  const settings = await readServiceSettings(text, io)
  if (switches.has('accept') && switches.has('repair')) {
    throw new CommandError('--accept and --repair are two steps: look at the report in between')
  }
  return await withStore(settings, { isMade: false, isAlone: false }, async (store) => {
    const place = placeOf(settings)
    if (switches.has('accept')) return await accept(store, place, io)
    const isRepairing = switches.has('repair')
    const report = await verifyStore(store, {
      repairs: isRepairing,
      nowMs: Date.now(),
      onProgress: progressOf(io),
    })
    print(report, place, io)
    if (isRepairing) await noteCommand(store, 'store.repair', { faultCount: report.faults.length })
    const stop = await store.installation.check()
    if (stop !== null) io.writeOut(`deletion is stopped: ${stop.text}\n`)
    const isLeft = report.faults.some(({ outcome }) => outcome === null || outcome === 'lost')
    return isLeft || stop !== null ? 1 : 0
  })
}

async function accept(store: Store, place: string, io: CommandIo): Promise<number> {
  const stop = await store.installation.check()
  if (stop === null) {
    io.writeOut(`${place}: nothing is to be accepted\n`)
    return 0
  }
  await store.installation.accept()
  await noteCommand(store, 'store.accept', { reason: stop.reason })
  io.writeOut(
    `${place}: accepted; files that no row refers to go to the trash, and are deleted from there after worker.trashDays\n`,
  )
  return 0
}

function progressOf(io: CommandIo): (doneCount: number) => void {
  let shownAtMs = performance.now()
  return (doneCount) => {
    if (!io.isTerminal || performance.now() - shownAtMs < PROGRESS_MS) return
    shownAtMs = performance.now()
    io.writeError(`kubeprof verify: ${doneCount} files compared\n`)
  }
}

const OUTCOMES = {
  restored: 'put back',
  recomputed: 'computed again',
  moved: 'moved to the trash',
  lost: 'cannot be repaired; its row is marked',
  deleted: 'was deleted meanwhile',
} as const

function print(
  { blobCount, faults, youngCount }: VerifyReport,
  place: string,
  io: CommandIo,
): void {
  for (const { key, fault, outcome } of faults.slice(0, LISTED_MAX)) {
    const done = outcome === null ? '' : `  (${OUTCOMES[outcome]})`
    io.writeOut(`${fault.padEnd(8)}  ${key}${done}\n`)
  }
  if (faults.length > LISTED_MAX) io.writeOut(`... and ${faults.length - LISTED_MAX} more\n`)
  const counts = ['dangling', 'missing', 'corrupt', 'orphaned'].map(
    (kind) => `${faults.filter(({ fault }) => fault === kind).length} ${kind}`,
  )
  io.writeOut(`${place}: ${blobCount} files with rows; ${counts.join(', ')}\n`)
  if (youngCount === 0) return
  io.writeOut(`${youngCount} files without rows are younger than a day, perhaps of uploads\n`)
}
