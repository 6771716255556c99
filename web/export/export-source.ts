import type { Report } from '../../api/index.ts'
import type { ComparedPer } from '../../profile/index.ts'
import { loadColumns } from '../requests/load-columns.ts'
import { type Colouring, DEFAULT_VIEW_STATE, type ViewState } from '../view-state/view-state.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'

/** A view to export, as the page shows it. */
export interface PictureSource {
  /** Where its columns are, an address of `columnsPath` or of the API; and those of what it is compared with. */
  readonly path: string
  readonly beforePath: string | null
  readonly title: string
  /** The name of the shown view; pages that stand alone and comparisons show the flame graph. */
  readonly view: string
  /** The name of a function, for the views that are of one. */
  readonly selected: string
  readonly nodeCount: number
  readonly sort: string
  readonly isReversed: boolean
  /** The shown text report of pprof. */
  readonly report: string
  readonly query: TreeQuery
  /** Of a comparison. */
  readonly per: ComparedPer
  readonly hidesChain: boolean
  readonly zoom: string
  readonly search: string
  readonly isRegex: boolean
  readonly direction: 'icicle' | 'flame'
  readonly colour: Colouring
}

/** What pictures ask of a profile. */
export type DrawClient = Pick<
  ViewClient,
  | 'flame'
  | 'search'
  | 'top'
  | 'peek'
  | 'packages'
  | 'tags'
  | 'sandwich'
  | 'tree'
  | 'graph'
  | 'file'
  | 'compare'
>

/** What an export says beside the picture. */
export interface PageSource {
  readonly title: string
  readonly facts: readonly string[]
  readonly report: Report | null
}

/** The picture of a profile in the state of its page. */
export function pictureOf(path: string, title: string, state: ViewState): PictureSource {
  const { sampleType, filters, chain, view, selected, nodeCount, sort, isReversed, report } = state
  const { zoom, search, isRegex, direction, colour } = state
  return {
    path,
    beforePath: null,
    title,
    view,
    selected,
    nodeCount,
    sort,
    isReversed,
    report,
    query: { sampleType, filters },
    per: 'second',
    hidesChain: chain === 'auto',
    zoom,
    search,
    isRegex,
    direction,
    colour,
  }
}

/** The difference of two profiles, as the page shows it. */
export function differenceOf(
  paths: { readonly before: string; readonly after: string },
  title: string,
  { sampleType, per, zoom }: Pick<PictureSource, 'per' | 'zoom'> & Pick<TreeQuery, 'sampleType'>,
): PictureSource {
  const state = { ...DEFAULT_VIEW_STATE, sampleType, zoom }
  return { ...pictureOf(paths.after, title, state), beforePath: paths.before, per }
}

/** Lends a client of the picture's columns for the time of one export. */
export async function withClient<Result>(
  { path, beforePath }: PictureSource,
  use: (client: ViewClient) => Promise<Result>,
): Promise<Result> {
  const { signal } = new AbortController()
  const load = (of: string) => () => loadColumns(of, signal)
  const client = await openViewClient(load(path), beforePath === null ? null : load(beforePath))
  try {
    return await use(client)
  } finally {
    client.close()
  }
}
