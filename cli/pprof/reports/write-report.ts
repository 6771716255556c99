import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import {
  listReport,
  openReport,
  type Profile,
  PROTO_REPORTS,
  type Report,
  type ReportSettings,
  TEXT_REPORTS,
} from '../../../profile/index.ts'
import { browserPrograms } from '../../terminal/browser-programs.ts'
import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import type { GraphFormat } from './draw-graph.ts'
import { labelProfile } from './label-profile.ts'
import { sourceLineReader } from './read-source-lines.ts'
import { writeNewFile } from '../../terminal/write-new-file.ts'

export interface ReportPlace {
  /** The file to write; null for standard output, or for a viewer where the report is graphical. */
  readonly path: string | null
  /** Whether binary output would go to a terminal: it goes to a new file instead. */
  readonly isSeen: boolean
  /** Whether to wait for the program that shows the report. */
  readonly waitsForViewer: boolean
}

export interface ReportSource {
  readonly profile: Profile
  readonly settings: ReportSettings
}

type ReportIo = Pick<CommandIo, 'writeOut' | 'writeError' | 'env'>

/** Writes a report to its destination. Throws a ReportError, or a CommandError where kubeprof cannot make it. */
export async function writeReportTo(
  { path, isSeen, waitsForViewer }: ReportPlace,
  name: string,
  source: ReportSource,
  io: ReportIo,
): Promise<void> {
  const viewed = VIEWED_REPORTS.get(name)
  const made = viewed?.report ?? name
  const newFileSuffix = isSeen ? (REPORT_FILE_SUFFIXES.get(made) ?? null) : null
  if (path === null && newFileSuffix === null && viewed === undefined) {
    await writeReport(made, source, io)
    return
  }
  const chunks: Uint8Array[] = []
  const writeOut = (chunk: string | Uint8Array) => {
    chunks.push(Buffer.from(chunk))
  }
  await writeReport(made, source, { ...io, writeOut })
  const bytes = Buffer.concat(chunks)
  if (path === null && viewed !== undefined) {
    const { viewFile } = await import('./view-file.ts')
    const { suffix, programs } = viewed
    const file = { bytes, suffix, programs: programs ?? browserPrograms(io.env) }
    await viewFile(file, { isBackground: !waitsForViewer })
    return
  }
  if (path !== null) writeFileSync(path, bytes)
  const written = path ?? writeNewFile(bytes, { start: 'profile', end: `.${newFileSuffix}` })
  io.writeError(`Generating report in ${written}\n`)
}

/** Throws a ReportError, or a CommandError for an unknown report. */
async function writeReport(
  name: string,
  { profile, settings }: ReportSource,
  io: ReportIo,
): Promise<void> {
  const report = openReport(labelProfile(profile, settings), settings, (filter) =>
    io.writeError(`${filter} expression matched no samples\n`),
  )
  if (isNameOf(TEXT_REPORTS, name)) TEXT_REPORTS[name](report, io.writeOut)
  else if (isNameOf(PROTO_REPORTS, name)) io.writeOut(gzipSync(PROTO_REPORTS[name](report)))
  else if (name === 'list') io.writeOut(listReport(report, sourceLineReader(settings.paths)))
  else if (isGraphFormat(name)) await drawReport(report, name, io)
  else {
    throw new CommandError(
      `-${name} needs the profiled binary, which kubeprof does not read: -list shows sources, go tool pprof disassembles`,
    )
  }
}

const GRAPH_FORMATS: readonly GraphFormat[] = ['gif', 'pdf', 'png', 'ps', 'svg']

async function drawReport(report: Report, format: GraphFormat, { writeOut }: ReportIo) {
  let dot = ''
  TEXT_REPORTS.dot(report, (chunk) => {
    dot += String(chunk)
  })
  const { drawGraph } = await import('./draw-graph.ts')
  writeOut(await drawGraph(dot, format))
}

/** pprof's file extensions for these reports. */
const REPORT_FILE_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ...GRAPH_FORMATS.map((format): [string, string] => [format, format]),
  ['callgrind', 'callgraph.out'],
  ['proto', 'pb.gz'],
  ['topproto', 'pb.gz'],
])

interface ViewedReport {
  readonly report: string
  readonly suffix: string
  /** Null for browsers. */
  readonly programs: readonly string[] | null
}

/** Reports that a program shows. https://github.com/google/pprof/blob/main/internal/driver/commands.go */
const VIEWED_REPORTS: ReadonlyMap<string, ViewedReport> = new Map([
  ['eog', { report: 'svg', suffix: 'svg', programs: ['eog'] }],
  ['evince', { report: 'pdf', suffix: 'pdf', programs: ['evince'] }],
  ['gv', { report: 'ps', suffix: 'ps', programs: ['gv --noantialias'] }],
  ['kcachegrind', { report: 'callgrind', suffix: 'grind', programs: ['kcachegrind'] }],
  ['web', { report: 'svg', suffix: 'svg', programs: null }],
])

function isGraphFormat(name: string): name is GraphFormat {
  return GRAPH_FORMATS.some((format) => format === name)
}

function isNameOf<T extends object>(reports: T, name: string): name is keyof T & string {
  return Object.hasOwn(reports, name)
}
