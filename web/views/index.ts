import { type ComponentType, lazy } from 'react'
import { FlameView } from '../flame-view/FlameView.tsx'
import type { Language } from '../texts/language.ts'
import type { ViewProps } from '../view-parts/view-props.ts'

export interface ViewEntry {
  readonly name: string
  readonly title: Readonly<Record<Language, string>>
  readonly View: ComponentType<ViewProps>
  /** Loads the code of a view that is not there from the start. */
  readonly load?: () => Promise<unknown>
}

/** The views of a profile, in the order of their keys 1, 2, ... */
export const VIEWS: readonly [ViewEntry, ...ViewEntry[]] = [
  { name: 'flame', title: { en: 'Flame graph', zh: '火焰图' }, View: FlameView },
  later('top', { en: 'Top', zh: 'Top' }, async () => {
    const { TopView } = await import('../tables/TopView.tsx')
    return TopView
  }),
  later('peek', { en: 'Callers', zh: '调用关系' }, async () => {
    const { PeekView } = await import('../tables/PeekView.tsx')
    return PeekView
  }),
  later('sandwich', { en: 'Sandwich', zh: '三明治' }, async () => {
    const { SandwichView } = await import('../flame-view/SandwichView.tsx')
    return SandwichView
  }),
  later('graph', { en: 'Call graph', zh: '调用图' }, async () => {
    const { GraphView } = await import('../graph-view/GraphView.tsx')
    return GraphView
  }),
  later('tree', { en: 'Tree', zh: '树' }, async () => {
    const { TreeView } = await import('../tables/TreeView.tsx')
    return TreeView
  }),
  later('packages', { en: 'Packages', zh: '包' }, async () => {
    const { PackagesView } = await import('../tables/PackagesView.tsx')
    return PackagesView
  }),
  later('tags', { en: 'Tags', zh: '标签' }, async () => {
    const { TagsView } = await import('../tables/TagsView.tsx')
    return TagsView
  }),
  later('raw', { en: 'Text', zh: '文本' }, async () => {
    const { TextView } = await import('../tables/TextView.tsx')
    return TextView
  }),
]

/** Loads the code of all views, so that they open at once, also when the server is gone by then. */
export async function loadViews(): Promise<void> {
  await Promise.all(VIEWS.map(async ({ load }) => load?.()))
}

/** A view whose code is loaded when it is first shown, or by `loadViews`. */
function later(
  name: string,
  title: ViewEntry['title'],
  load: () => Promise<ComponentType<ViewProps>>,
): ViewEntry {
  const View = lazy(async () => ({ default: await load() }))
  return { name, title, View, load }
}
