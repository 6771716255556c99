import { type ComponentType, lazy } from 'react'
import { FlameView } from '../flame-view/FlameView.tsx'
import { PackagesView } from '../tables/PackagesView.tsx'
import { PeekView } from '../tables/PeekView.tsx'
import { SandwichView } from '../flame-view/SandwichView.tsx'
import { TagsView } from '../tables/TagsView.tsx'
import { TextView } from '../tables/TextView.tsx'
import { TopView } from '../tables/TopView.tsx'
import { TreeView } from '../tables/TreeView.tsx'
import type { Language } from '../texts/language.ts'
import type { ViewProps } from '../view-parts/view-props.ts'

/** Loaded when it is first shown. */
const GraphView = lazy(async () => {
  const { GraphView: View } = await import('../graph-view/GraphView.tsx')
  return { default: View }
})

export interface ViewEntry {
  readonly name: string
  readonly title: Readonly<Record<Language, string>>
  readonly View: ComponentType<ViewProps>
}

/** The views of a profile, in the order of their keys 1, 2, ... */
export const VIEWS: readonly [ViewEntry, ...ViewEntry[]] = [
  { name: 'flame', title: { en: 'Flame graph', zh: '火焰图' }, View: FlameView },
  { name: 'top', title: { en: 'Top', zh: 'Top' }, View: TopView },
  { name: 'peek', title: { en: 'Callers', zh: '调用关系' }, View: PeekView },
  { name: 'sandwich', title: { en: 'Sandwich', zh: '三明治' }, View: SandwichView },
  { name: 'graph', title: { en: 'Call graph', zh: '调用图' }, View: GraphView },
  { name: 'tree', title: { en: 'Tree', zh: '树' }, View: TreeView },
  { name: 'packages', title: { en: 'Packages', zh: '包' }, View: PackagesView },
  { name: 'tags', title: { en: 'Tags', zh: '标签' }, View: TagsView },
  { name: 'raw', title: { en: 'Text', zh: '文本' }, View: TextView },
]
