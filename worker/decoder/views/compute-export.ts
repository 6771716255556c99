import { gzipSync } from 'node:zlib'
import type { ExportQuery } from '../../../api/index.ts'
import {
  addLabelFrames,
  DEFAULT_REPORT_SETTINGS,
  openFilteredReport,
  type Profile,
  PROTO_REPORTS,
  readViewQuery,
  type Report,
  TEXT_REPORTS,
} from '../../../profile/index.ts'
import { compileRe2 } from '../compile-re2.ts'

/** The profile as a file, with the frames and names that were uploaded and that the filters leave. Throws a RegexError, SampleTypeError or ReportError. */
export function computeExport(profile: Profile, query: ExportQuery): Uint8Array {
  const report = openExported(profile, query)
  if (query.format === 'pprof') return gzipSync(PROTO_REPORTS.proto(report))
  const chunks: Uint8Array[] = []
  TEXT_REPORTS[query.format](report, (chunk) => chunks.push(Buffer.from(chunk)))
  return Buffer.concat(chunks)
}

function openExported(profile: Profile, query: ExportQuery): Report {
  const options = readViewQuery(profile, query, compileRe2)
  const { rootKeys = [], leafKeys = [], filters = [] } = options
  const labelled = addLabelFrames(profile, { rootKeys, leafKeys, unit: 'minimum' })
  const settings = {
    ...DEFAULT_REPORT_SETTINGS,
    sampleIndex: String(options.sampleTypeIndex),
    granularity: query.g ?? '',
    noInlines: !options.hasInlines,
  } as const
  return openFilteredReport(labelled, { format: query.format, filters, settings })
}
