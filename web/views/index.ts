import type { ComponentType } from 'react'
import type { Texts } from '../texts/en.ts'
import type { ViewName } from '../view-state/view-state.ts'
import { FlameView } from './FlameView.tsx'
import { PeekView } from './PeekView.tsx'
import { TagsView } from './TagsView.tsx'
import { TopView } from './TopView.tsx'
import type { ViewProps } from './view-props.ts'

export interface ViewEntry {
  readonly name: ViewName
  readonly title: (texts: Texts) => string
  readonly View: ComponentType<ViewProps>
}

/** The views of a profile, in the order of their keys 1, 2, ... */
export const VIEWS: readonly ViewEntry[] = [
  { name: 'flame', title: (texts) => texts.viewFlame, View: FlameView },
  { name: 'top', title: (texts) => texts.viewTop, View: TopView },
  { name: 'peek', title: (texts) => texts.viewPeek, View: PeekView },
  { name: 'tags', title: (texts) => texts.viewTags, View: TagsView },
]
