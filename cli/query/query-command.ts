import { writeFile } from 'node:fs/promises'
import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import { isStaleNote } from '../../api/profiles/stale-note.ts'
import {
  DEFAULT_REPORT_SETTINGS,
  flameSvg,
  flameView,
  openReport,
  openView,
  type Profile,
  repairForViews,
  ReportError,
  type ReportSettings,
  ROOT,
  sampleTypeIndex,
  TEXT_REPORTS,
} from '../../profile/index.ts'
import { readServer } from '../push/read-server.ts'
import { readToken } from '../push/read-token.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { patternCompiler } from '../terminal/compile-pattern.ts'
import { defineCommand } from '../terminal/define-command.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { fetchRange, readTime } from './fetch-range.ts'
import { tableOf } from './query-tables.ts'

const SERVER = 'http://127.0.0.1:7070'
const SVG_WIDTH_PX = 1200
const FLAME_FRAMES = 800
/** Beside the text reports. */
const OTHER_REPORTS = new Set(['flame', 'proto', 'series', 'movers', 'outliers'])
const FILTERS = ['focus', 'ignore', 'hide', 'show'] as const

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  server: { kind: 'text', valueName: 'URL', help: `The server to ask (default ${SERVER})` },
  type: { kind: 'text', valueName: 'TYPE', help: 'cpu (default), heap, goroutine, ...' },
  from: {
    kind: 'text',
    valueName: 'TIME',
    help: 'A time (UTC), or how long ago: 90m, 7d (default 1h)',
  },
  to: { kind: 'text', valueName: 'TIME', help: 'A time (UTC), or how long ago (default now)' },
  by: { kind: 'text', valueName: 'LABEL', help: 'Make the values of a label the roots of stacks' },
  sample_index: { kind: 'text', valueName: 'TYPE', help: 'The sample type, or its number' },
  report: {
    kind: 'text',
    valueName: 'NAME',
    help: `top (default), ${Object.keys(TEXT_REPORTS).slice(2).join(', ')}, flame (SVG), proto; over time: series, movers, outliers`,
  },
  function: {
    kind: 'text',
    valueName: 'REGEX',
    help: 'What --report peek shows; of series and outliers the name of a function',
  },
  package: { kind: 'text', valueName: 'PATH', help: 'Of series and outliers: a package' },
  subsystem: {
    kind: 'text',
    valueName: 'NAME',
    help: 'Of series and outliers: storage, encoding, gc, ..., as the API names them',
  },
  rule: { kind: 'text', valueName: 'ID', help: 'Of series and outliers: what a rule measures' },
  per: {
    kind: 'text',
    valueName: 'request',
    help: 'Of series and outliers: by what the processes served, as their metrics count it',
  },
  step: { kind: 'text', valueName: 'SECONDS', help: 'Of series: one value for so many seconds' },
  before: {
    kind: 'text',
    valueName: 'SELECTOR',
    help: 'Of movers: what to compare with, in the same time (default: the time before)',
  },
  cum: { kind: 'switch', help: 'Order by functions with all they call' },
  n: { kind: 'text', valueName: 'COUNT', help: 'How many functions' },
  ...Object.fromEntries(
    FILTERS.map((name) => [
      name,
      { kind: 'text', valueName: 'REGEX', help: `As in pprof` } satisfies FlagSpec,
    ]),
  ),
  pgo: { kind: 'switch', help: 'Write a CPU profile for `go build -pgo=FILE`; takes -o' },
  output: { kind: 'text', letter: 'o', valueName: 'FILE', help: 'Write here' },
  'token-file': {
    kind: 'text',
    valueName: 'FILE',
    help: 'A file with the token to send; else $KUBEPROF_TOKEN',
  },
}

const USAGE = `usage: kubeprof query [flags] SELECTOR

Prints a range of a server's history as one profile: kubeprof query '{target="api",cluster=~"prod-.*"}' --from 7d
Exits with 0, 2 on wrong usage, 3 when there is nothing to print.
`

/** `kubeprof query SELECTOR`. */
export const runQuery = defineCommand({
  name: 'query',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run({ text, switches, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [selector, ...others] = positionals
  if (selector === undefined || others.length > 0) {
    throw new CommandError(`give one selector: kubeprof query '{target="api"}'`)
  }
  const isPgo = switches.has('pgo')
  const question = {
    server: readServer('--server', text['server'] ?? SERVER).href,
    token: await readToken({ flag: '--token-file', file: text['token-file'] }, io),
    parameters: parametersOf(selector, text, isPgo),
  }
  assertReport(text)
  const table = isPgo ? null : await tableOf(question, text, switches)
  if (table !== null && 'text' in table) {
    if (table.note !== null) io.writeError(`kubeprof query: ${table.note}\n`)
    return write(Buffer.from(table.text), text, io)
  }
  const found = table ?? (await fetchRange(question))
  if ('refusal' in found) {
    io.writeError(`kubeprof query: ${found.refusal}\n`)
    return 3
  }
  const note = found.profile.comments.find(isStaleNote)
  if (note !== undefined) io.writeError(`kubeprof query: ${note}\n`)
  const report = isPgo ? 'proto' : (text['report'] ?? 'top')
  if (report === 'proto') {
    if (text['output'] === undefined && io.isTerminal) throw new CommandError('say -o FILE')
    return await write(found.bytes, text, io)
  }
  const settings = await settingsOf(text, switches)
  try {
    return await write(print(found.profile, report, settings), text, io)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    io.writeError(`kubeprof query: ${error.message}\n`)
    return 3
  }
}

/** Of `go build -pgo` the profile must be of CPU time. */
function parametersOf(
  selector: string,
  text: ParsedFlags['text'],
  isPgo: boolean,
): Readonly<Record<string, string>> {
  const nowMs = Date.now()
  const type = text['type'] ?? 'cpu'
  if (!PROFILE_KINDS.some((kind) => kind === type)) {
    throw new CommandError(`--type is one of ${PROFILE_KINDS.join(', ')}`)
  }
  if (isPgo && type !== 'cpu') throw new CommandError('--pgo is of CPU profiles: leave out --type')
  return {
    q: selector,
    type,
    from: readTime('--from', text['from'] ?? '1h', nowMs),
    to: readTime('--to', text['to'] ?? 'now', nowMs),
    ...(text['by'] === undefined ? {} : { by: text['by'] }),
    ...(text['sample_index'] === undefined ? {} : { si: text['sample_index'] }),
  }
}

async function settingsOf(
  text: ParsedFlags['text'],
  switches: ParsedFlags['switches'],
): Promise<ReportSettings> {
  const symbol = text['function']
  const given = FILTERS.flatMap((name) => (text[name] === undefined ? [] : [[name, text[name]]]))
  const sources = [...given.flatMap(([, source]) => source ?? []), symbol ?? []].flat()
  const compile = await patternCompiler(sources)
  const filters = Object.fromEntries(
    given.map(([name = '', source = '']) => [name, compile(source, name)]),
  )
  return {
    ...DEFAULT_REPORT_SETTINGS,
    sampleIndex: text['sample_index'] ?? '',
    sort: switches.has('cum') ? 'cum' : 'flat',
    nodeCount: readCount('--n', text['n']) ?? DEFAULT_REPORT_SETTINGS.nodeCount,
    filters,
    activeFilters: given.map(([name, source]) => `${name}=${source}`),
    tagRoot: text['by'] ?? '',
    symbol: symbol === undefined ? null : { source: symbol, pattern: compile(symbol, 'function') },
  }
}

function readCount(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d*$/.test(text)) {
    throw new CommandError(`${flag} is a whole number above 0, not ${text}`)
  }
  return Number(text)
}

function print(profile: Profile, name: string, settings: ReportSettings): Uint8Array {
  if (!isTextReport(name)) return Buffer.from(flame(profile, settings))
  const chunks: Uint8Array[] = []
  TEXT_REPORTS[name](openReport(profile, settings), (chunk) => chunks.push(Buffer.from(chunk)))
  return Buffer.concat(chunks)
}

/** Throws a CommandError, so that a wrong flag is named before anything is asked. */
function assertReport(text: ParsedFlags['text']): void {
  const { report: name = 'top', function: symbol } = text
  if (!isTextReport(name) && !OTHER_REPORTS.has(name)) {
    throw new CommandError(`there is no report ${name}: see kubeprof query --help`)
  }
  if (name === 'peek' && symbol === undefined) {
    throw new CommandError('say what to show: --function REGEX')
  }
  readCount('--n', text['n'])
  readCount('--step', text['step'])
}

function isTextReport(name: string): name is keyof typeof TEXT_REPORTS {
  return Object.hasOwn(TEXT_REPORTS, name)
}

function flame(profile: Profile, { sampleIndex, filters, tagRoot }: ReportSettings): string {
  const view = openView(repairForViews(profile), {
    sampleTypeIndex: sampleTypeIndex(profile, sampleIndex),
    granularity: 'functions',
    hasInlines: true,
    filters: [filters],
    rootKeys: tagRoot === '' ? [] : [tagRoot],
  })
  const drawn = flameView(view.tree, {
    focusNode: ROOT,
    framesMax: FLAME_FRAMES,
    widthPx: SVG_WIDTH_PX,
  })
  const { type, unit } = view.sampleType
  return flameSvg(drawn, {
    widthPx: SVG_WIDTH_PX,
    title: type,
    totalValue: view.total.value,
    unit,
  })
}

async function write(
  bytes: Uint8Array,
  { output }: ParsedFlags['text'],
  io: CommandIo,
): Promise<number> {
  if (output === undefined) io.writeOut(bytes)
  else await writeFile(output, bytes)
  return 0
}
