import type { ComponentType } from 'react'
import type { Language } from '../texts/language.ts'
import { FlameView } from './FlameView.tsx'
import { PackagesView } from './PackagesView.tsx'
import { PeekView } from './PeekView.tsx'
import { TagsView } from './TagsView.tsx'
import { TopView } from './TopView.tsx'
import type { ViewProps } from './view-props.ts'

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
  { name: 'packages', title: { en: 'Packages', zh: '包' }, View: PackagesView },
  { name: 'tags', title: { en: 'Tags', zh: '标签' }, View: TagsView },
]
