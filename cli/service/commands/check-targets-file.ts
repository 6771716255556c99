import { readFile } from 'node:fs/promises'
import { estimateBytes } from '../../../api/index.ts'
import {
  capturesPerDay,
  checkAccess,
  faultText,
  openReach,
  readTargetsFile,
  TargetsFile,
  type TargetsPlan,
} from '../../../collect/index.ts'
import { formatValue } from '../../../profile/index.ts'
import type { ScheduleDefinition } from '../../../store/index.ts'
import { CommandError } from '../../terminal/command-error.ts'
import { fileFault } from '../../terminal/file-fault.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import type { Settings } from '../../settings/settings.ts'
import { cleanText } from '../../terminal/terminal-text.ts'

const EXIT_UNREACHED = 1
const EXIT_BAD_FILE = 3
/** What the usual captures take. */
const PROFILES = ['profile', 'heap', 'goroutine', 'block']

export interface CheckNeeds {
  readonly io: CommandIo
  /** Whether to reach the targets too. */
  readonly isReached: boolean
}

/** Reports what is wrong with a targets file and with the access to its targets. Returns the exit code. */
export async function checkTargetsFile(
  path: string,
  { collect }: Settings,
  { io, isReached }: CheckNeeds,
): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(`cannot read ${path}: ${fileFault(error)}`)
  })
  if (Buffer.byteLength(text) > collect.targetsFileBytesMax) {
    io.writeError(`${path}:1:1: is larger than ${collect.targetsFileBytesMax} bytes\n`)
    return EXIT_BAD_FILE
  }
  const read = readTargetsFile(text, collect)
  if ('faults' in read) {
    for (const fault of read.faults) io.writeError(`${cleanText(faultText(path, fault))}\n`)
    return EXIT_BAD_FILE
  }
  const { targets, schedules, triggers, clusters } = read.plan.contents
  const counts = [
    [targets.length, 'target'],
    [clusters.length, 'cluster'],
    [schedules.length, 'schedule'],
    [triggers.length, 'trigger'],
  ] as const
  const summary = counts.map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`)
  io.writeOut(`${path}: ${summary.join(', ')}\n`)
  for (const schedule of schedules) io.writeOut(costLine(schedule))
  return isReached ? await reachTargets(read.plan, collect, io) : 0
}

/** By usual sizes, because it asks no server; how many processes there are is not known before they are discovered. */
function costLine({ name, timing, request }: ScheduleDefinition): string {
  const bytes = capturesPerDay(timing) * estimateBytes(request.profiles ?? [], [])
  return `schedule ${name}: stores about ${formatValue(bytes, 'bytes')} a day for each process\n`
}

/** One target at a time, so that the output has the order of the file. */
async function reachTargets(
  plan: TargetsPlan,
  { serviceAccountFolder }: Settings['collect'],
  io: CommandIo,
): Promise<number> {
  const reach = openReach({
    clusters: plan.clusters,
    allow: plan.contents.allow,
    env: io.env,
    isInteractive: io.isTerminal,
    serviceAccountFolder,
  })
  let isFine = true
  try {
    for (const { name, spec } of plan.contents.targets) {
      io.writeOut(`${name}:\n`)
      for (const check of await checkAccess(reach, spec, { profiles: PROFILES })) {
        isFine &&= check.isFine
        const mark = check.isFine ? 'ok  ' : 'FAIL'
        io.writeOut(`  ${mark} ${cleanText(`${check.subject}: ${check.text}`)}\n`)
        if (check.remedy !== null) io.writeOut(`       add: ${cleanText(check.remedy)}\n`)
      }
    }
  } finally {
    reach.close()
  }
  return isFine ? 0 : EXIT_UNREACHED
}

/** For editors: `# yaml-language-server: $schema=FILE` at the head of a targets file. */
export function targetsFileSchema(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...TargetsFile }
  return `${JSON.stringify(schema, null, 2)}\n`
}
