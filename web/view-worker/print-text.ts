import {
  DEFAULT_REPORT_SETTINGS,
  filterInTurn,
  formatFilterSteps,
  openReport,
  type Profile,
  readViewQuery,
  TEXT_REPORTS,
} from '../../profile/index.ts'
import { loadRegexCompiler } from './compile-pattern.ts'
import type { TextRequest } from './view-messages.ts'

export interface TextJob extends TextRequest {
  /** As it was uploaded. */
  readonly profile: Profile
}

/** What `go tool pprof` prints for the filtered profile: raw names, no repaired stacks. */
export async function printText({ profile: original, query, report }: TextJob): Promise<string> {
  const compile = await loadRegexCompiler()
  const isKnown = original.sampleTypes.some(({ type }) => type === query.sampleType)
  const text = { fs: formatFilterSteps(query.filters), si: isKnown ? query.sampleType : '' }
  const options = readViewQuery(original, text, compile)
  const { filters = [] } = options
  const filtered = filterInTurn(original, filters.slice(0, -1))
  const opened = openReport(filtered, {
    ...DEFAULT_REPORT_SETTINGS,
    sampleIndex: String(options.sampleTypeIndex),
    filters: filters.at(-1) ?? {},
  })
  const chunks: string[] = []
  const decoder = new TextDecoder()
  TEXT_REPORTS[report](opened, (chunk) => {
    chunks.push(typeof chunk === 'string' ? chunk : decoder.decode(chunk))
  })
  return chunks.join('')
}
