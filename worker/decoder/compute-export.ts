import { gzipSync } from 'node:zlib'
import { AppError } from '../../api/errors.ts'
import type { ExportQuery } from '../../api/index.ts'
import {
  addLabelFrames,
  DEFAULT_REPORT_SETTINGS,
  openReport,
  type Profile,
  PROTO_REPORTS,
  readViewQuery,
  type Report,
  ReportError,
  SampleTypeError,
  TEXT_REPORTS,
} from '../../profile/index.ts'
import { compilePattern } from './compile-pattern.ts'

/** The profile as a file, with the frames and names that were uploaded. Throws PATTERN_INVALID or VIEW_INVALID. */
export function computeExport(profile: Profile, query: ExportQuery): Uint8Array {
  try {
    const report = openExported(profile, query)
    if (query.format === 'pprof') return gzipSync(PROTO_REPORTS.proto(report))
    const chunks: Uint8Array[] = []
    TEXT_REPORTS[query.format](report, (chunk) => chunks.push(Buffer.from(chunk)))
    return Buffer.concat(chunks)
  } catch (cause) {
    if (!(cause instanceof SampleTypeError || cause instanceof ReportError)) throw cause
    throw new AppError('VIEW_INVALID', { message: `${cause.message}.`, cause })
  }
}

function openExported(profile: Profile, query: ExportQuery): Report {
  const options = readViewQuery(profile, query, compilePattern)
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
