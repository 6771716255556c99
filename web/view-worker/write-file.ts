import {
  DEFAULT_REPORT_SETTINGS,
  encodeColumns,
  formatFilterSteps,
  openFilteredReport,
  type Profile,
  PROTO_REPORTS,
  readViewQuery,
  redactProfile,
  repairForViews,
  subtractProfile,
  TEXT_REPORTS,
} from '../../profile/index.ts'
import { hasFilters } from '../view-state/filters.ts'
import { loadRegexCompiler } from './compile-pattern.ts'
import type { FileFormat, FileRequest, TreeQuery } from './view-messages.ts'

export interface FileJob extends FileRequest {
  /** As it was uploaded. */
  readonly profile: Profile
  /** What it is compared with; `null` without a comparison. */
  readonly before: Profile | null
}

/**
 * A file of the filtered profile, with the names and frames that were uploaded: what `go tool pprof` prints, or the profile
 * for other tools. Of a comparison it is the difference.
 */
export async function writeFile(job: FileJob): Promise<Blob> {
  const { profile, before, query, format } = job
  if (format === 'columns') return new Blob([await writeColumns(profile, query)])
  const options = { marksBase: true, normalizes: false }
  const shown = before === null ? profile : subtractProfile(profile, before, options)
  const report = await openFiltered(shown, query, format)
  if (format === 'pprof') return zipped(PROTO_REPORTS.proto(report))
  const parts: (string | Uint8Array<ArrayBuffer>)[] = []
  TEXT_REPORTS[format](report, (chunk) => {
    // Bytes hold what they say only until the next ones are written.
    parts.push(typeof chunk === 'string' ? chunk : Uint8Array.from(chunk))
  })
  return new Blob(parts)
}

/**
 * What the filters leave of the chosen sample type, without labels and without what no sample uses. Filters see repaired
 * stacks, as in the views; without filters the stacks are repaired when they are looked at.
 */
async function writeColumns(profile: Profile, query: TreeQuery): Promise<Uint8Array<ArrayBuffer>> {
  const { sampleTypeIndex, filters = [] } = await optionsOf(profile, query)
  const only = { sampleTypeIndex, filters }
  const shown = hasFilters(query.filters) ? repairForViews(profile) : profile
  return encodeColumns(redactProfile(shown, { labels: 'hidden', only }))
}

async function openFiltered(profile: Profile, query: TreeQuery, format: FileFormat) {
  const { sampleTypeIndex, filters = [] } = await optionsOf(profile, query)
  const settings = { ...DEFAULT_REPORT_SETTINGS, sampleIndex: String(sampleTypeIndex) }
  return openFilteredReport(profile, { format, filters, settings })
}

async function optionsOf(profile: Profile, { sampleType, filters }: TreeQuery) {
  const compile = await loadRegexCompiler()
  const isKnown = profile.sampleTypes.some(({ type }) => type === sampleType)
  const query = { fs: formatFilterSteps(filters), si: isKnown ? sampleType : '' }
  return readViewQuery(profile, query, compile)
}

function zipped(bytes: Uint8Array): Promise<Blob> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream()
  return new Response(stream.pipeThrough(new CompressionStream('gzip'))).blob()
}
