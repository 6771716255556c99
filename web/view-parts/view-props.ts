import type { Subject } from '../actions/subject.ts'
import type { MatchWalk } from '../toolbar/use-match-walk.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { SearchAnswer, TreeQuery } from '../view-worker/view-messages.ts'

/**
 * The props of every view. A view draws and requests changes of the view state; it has no state.
 */
export interface ViewProps {
  readonly client: ViewClient
  /** Of the place for the view; 0 while it is not known. */
  readonly widthPx: number
  readonly query: TreeQuery
  readonly state: ViewState
  readonly update: UpdateViewState
  /** The functions that the search found; `null` without a search. */
  readonly found: SearchAnswer | null
  readonly walk: MatchWalk
  /** Called with what keys act on; `null` for nothing. */
  readonly onPointed: (subject: Subject | null) => void
  /** Functions of the marked finding. */
  readonly marked: ReadonlySet<string>
}
