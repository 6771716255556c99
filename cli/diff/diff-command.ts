import type { DiffInput } from './print-diff.ts'
import {
  diffProfiles,
  type DiffOptions,
  inferProfileType,
  type Profile,
  type ProfileDiff,
  repairForViews,
  ReportError,
  SampleTypeError,
} from '../../profile/index.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { explainTypes } from '../input/explain-types.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { printDiff } from './print-diff.ts'
import { readProfileFile } from '../input/read-profile-file.ts'

const ROWS_MAX_DEFAULT = 15

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  sample_index: {
    kind: 'text',
    valueName: 'TYPE',
    help: 'What to compare: a sample type or its number',
  },
  flat: { kind: 'switch', help: 'Compare each function alone (default for cpu and heap)' },
  cum: { kind: 'switch', help: 'Compare functions with all they call (default for the others)' },
  n: {
    kind: 'text',
    valueName: 'COUNT',
    help: `Functions to list of each kind (default ${ROWS_MAX_DEFAULT})`,
  },
  json: { kind: 'switch', help: 'Print every change as JSON' },
}

const USAGE = `usage: kubeprof diff [flags] BEFORE AFTER

Prints which functions grew, shrank, are new or gone between two profiles: files, or - for standard input. CPU time is
compared in cores, however long the profiles took; what may be chance, given the samples, is marked with ~.
Exits with 0, 2 on wrong usage, 3 on input that cannot be read or compared.
`

/** Runs `kubeprof diff`. Returns the exit code. */
export const runDiff = defineCommand({
  name: 'diff',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  rewriteArgs: doubleDashes,
  run,
})

async function run({ text, switches, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  if (positionals.length !== 2) throw new CommandError('name two profiles: kubeprof diff A B')
  const rowsMax = readCount(text['n'])
  const inputs: DiffInput[] = []
  for (const path of positionals) {
    const profile = await readProfileFile(path, io, 'diff')
    if (profile !== null) inputs.push({ path, profile })
  }
  const [before, after] = inputs
  if (before === undefined || after === undefined) return 3
  const sort = sortOf(switches, after.profile)
  const diff = compare(before, after, { sampleIndex: text['sample_index'] ?? '', sort }, io)
  if (diff === null) return 3
  if (switches.has('json')) io.writeOut(`${JSON.stringify(toJson(inputs, diff), null, 1)}\n`)
  else printDiff({ inputs, diff, sort, rowsMax }, io)
  return 0
}

/** Null where the two cannot be compared, which is reported. */
function compare(
  before: DiffInput,
  after: DiffInput,
  options: DiffOptions,
  io: CommandIo,
): ProfileDiff | null {
  try {
    return diffProfiles(repairForViews(before.profile), repairForViews(after.profile), options)
  } catch (error) {
    if (error instanceof SampleTypeError) throw new CommandError(error.message)
    if (!(error instanceof ReportError)) throw error
    io.writeError(`kubeprof diff: ${error.message}:\n${explainTypes([before, after])}`)
    return null
  }
}

/** All waits end in the same few runtime functions: only the callers distinguish one wait from another. */
function sortOf(switches: ReadonlySet<string>, profile: Profile): DiffOptions['sort'] {
  if (switches.has('flat') && switches.has('cum')) throw new CommandError('choose --flat or --cum')
  if (switches.has('flat')) return 'flat'
  const isOfWork = ['cpu', 'heap', 'allocs', 'other'].includes(inferProfileType(profile))
  return switches.has('cum') || !isOfWork ? 'cum' : 'flat'
}

function toJson(inputs: readonly DiffInput[], diff: ProfileDiff) {
  return {
    version: 1,
    inputs: inputs.map(({ path, profile }) => ({
      path,
      sampleTypes: profile.sampleTypes,
      durationSeconds: profile.durationNs > 0n ? Number(profile.durationNs) / 1e9 : null,
    })),
    ...diff,
  }
}

function readCount(text: string | undefined): number {
  if (text === undefined) return ROWS_MAX_DEFAULT
  if (!/^\d+$/.test(text) || text === '0') {
    throw new CommandError(`--n is a whole number above 0, not "${text}"`)
  }
  return Number(text)
}

/** pprof's flags have one dash, and its users may write them so here. */
function doubleDashes(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  return args.map((arg, index) =>
    (end === -1 || index < end) && /^-[a-z]/.test(arg) ? `-${arg}` : arg,
  )
}
