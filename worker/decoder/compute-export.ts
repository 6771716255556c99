import { gzipSync } from 'node:zlib'
import { RE2JS } from 're2js'
import type { ExportQuery } from '../../api/index.ts'
import {
  addLabelFrames,
  compileRegex,
  DEFAULT_REPORT_SETTINGS,
  openReport,
  type Profile,
  PROTO_REPORTS,
  readViewQuery,
  type Report,
  TEXT_REPORTS,
} from '../../profile/index.ts'

/** The profile as a file, with the frames and names that were uploaded. Throws a RegexError, SampleTypeError or ReportError. */
export function computeExport(profile: Profile, query: ExportQuery): Uint8Array {
  const report = openExported(profile, query)
  if (query.format === 'pprof') return gzipSync(PROTO_REPORTS.proto(report))
  const chunks: Uint8Array[] = []
  TEXT_REPORTS[query.format](report, (chunk) => chunks.push(Buffer.from(chunk)))
  return Buffer.concat(chunks)
}

function openExported(profile: Profile, query: ExportQuery): Report {
  const options = readViewQuery(profile, query, (source) => compileRegex(RE2JS, source))
  const { rootKeys = [], leafKeys = [], filters = {} } = options
  const labelled = addLabelFrames(profile, { rootKeys, leafKeys, unit: 'minimum' })
  return openReport(labelled, {
    ...DEFAULT_REPORT_SETTINGS,
    sampleIndex: String(options.sampleTypeIndex),
    granularity: query.g ?? '',
    noInlines: !options.hasInlines,
    filters,
  })
}
