import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import {
  addLabelFrames,
  listReport,
  openReport,
  type Profile,
  PROTO_REPORTS,
  type ReportSettings,
  TEXT_REPORTS,
} from '../profile/index.ts'
import { CommandError } from './command-error.ts'
import type { CommandIo } from './command-io.ts'
import { sourceLineReader } from './read-source-lines.ts'
import { writeNewFile } from './write-new-file.ts'

export interface ReportPlace {
  /** The file to write; null for the standard output. */
  readonly path: string | null
  /** For reports that are no text, and would otherwise go to a terminal: the ending of a new file's name. */
  readonly newFileSuffix: string | null
}

/** Writes a report where it belongs. Throws as `writeReport` does. */
export function writeReportTo(
  { path, newFileSuffix }: ReportPlace,
  name: string,
  source: ReportSource,
  io: ReportIo,
): void {
  if (path === null && newFileSuffix === null) {
    writeReport(name, source, io)
    return
  }
  const chunks: Uint8Array[] = []
  const writeOut = (chunk: string | Uint8Array) => {
    chunks.push(Buffer.from(chunk))
  }
  writeReport(name, source, { ...io, writeOut })
  const bytes = Buffer.concat(chunks)
  if (path !== null) writeFileSync(path, bytes)
  const written = path ?? writeNewFile(bytes, { start: 'profile', end: `.${newFileSuffix}` })
  io.writeError(`Generating report in ${written}\n`)
}

export interface ReportSource {
  readonly profile: Profile
  readonly settings: ReportSettings
}

type ReportIo = Pick<CommandIo, 'writeOut' | 'writeError'>

/** Throws a ReportError, or a CommandError where there is no such report. */
function writeReport(name: string, { profile, settings }: ReportSource, io: ReportIo): void {
  const labelled = addLabelFrames(profile, {
    rootKeys: keysOf(settings.tagRoot),
    leafKeys: keysOf(settings.tagLeaf),
    unit: settings.unit,
  })
  const report = openReport(labelled, settings, (filter) =>
    io.writeError(`${filter} expression matched no samples\n`),
  )
  if (isNameOf(TEXT_REPORTS, name)) TEXT_REPORTS[name](report, io.writeOut)
  else if (isNameOf(PROTO_REPORTS, name)) io.writeOut(gzipSync(PROTO_REPORTS[name](report)))
  else if (name === 'list') io.writeOut(listReport(report, sourceLineReader(settings.paths)))
  else if (name === 'svg') throw new CommandError('-svg is not made; give -dot to Graphviz')
  else throw new CommandError(`-${name} needs the binary and is not made; -list shows sources`)
}

/** How pprof ends the names of files that hold these reports. */
export const REPORT_FILE_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['callgrind', 'callgraph.out'],
  ['proto', 'pb.gz'],
  ['svg', 'svg'],
  ['topproto', 'pb.gz'],
])

function keysOf(text: string): string[] {
  return text.split(',').filter((key) => key !== '')
}

function isNameOf<T extends object>(reports: T, name: string): name is keyof T & string {
  return Object.hasOwn(reports, name)
}
