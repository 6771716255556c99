import type { Report } from '../../api/index.ts'
import { loadColumns } from '../requests/load-columns.ts'
import { type Colouring, DEFAULT_VIEW_STATE, type ViewState } from '../view-state/view-state.ts'
import { openViewClient, type ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'

/** A flame graph to export, as the page shows it. */
export interface PictureSource {
  /** Where its columns are, an address of `columnsPath` or of the API; and those of what it is compared with. */
  readonly path: string
  readonly beforePath: string | null
  readonly title: string
  readonly query: TreeQuery
  readonly isAbsolute: boolean
  readonly hidesChain: boolean
  readonly zoom: string
  readonly search: string
  readonly isRegex: boolean
  readonly direction: 'icicle' | 'flame'
  readonly colour: Colouring
}

/** What an export says beside the picture. */
export interface PageSource {
  readonly title: string
  readonly facts: readonly string[]
  readonly report: Report | null
}

/** The picture of a profile in the state of its page. */
export function pictureOf(path: string, title: string, state: ViewState): PictureSource {
  const { sampleType, filters, zoom, search, isRegex, direction, colour, chain } = state
  return {
    path,
    beforePath: null,
    title,
    query: { sampleType, filters },
    isAbsolute: false,
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
  {
    sampleType,
    isAbsolute,
    zoom,
  }: Pick<PictureSource, 'isAbsolute' | 'zoom'> & Pick<TreeQuery, 'sampleType'>,
): PictureSource {
  const state = { ...DEFAULT_VIEW_STATE, sampleType, zoom }
  return { ...pictureOf(paths.after, title, state), beforePath: paths.before, isAbsolute }
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
