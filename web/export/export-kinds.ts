/** What a profile can be saved as, for other tools. */
export const DATA_FORMATS = ['pprof', 'folded', 'speedscope', 'csv', 'json'] as const
/** A difference has negative values, which the other formats cannot hold. */
export const DIFFERENCE_FORMATS = ['pprof', 'csv'] as const
export type DataFormat = (typeof DATA_FORMATS)[number]

export type ExportKind = 'svg' | 'png' | 'page' | 'markdown' | DataFormat

export function isDataFormat(kind: ExportKind): kind is DataFormat {
  return DATA_FORMATS.some((known) => known === kind)
}
