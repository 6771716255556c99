import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { SearchAnswer, TreeQuery } from '../view-worker/view-messages.ts'

/** What every view is given. It draws, and asks for changes of the view state; it keeps nothing of its own. */
export interface ViewProps {
  readonly client: ViewClient
  readonly query: TreeQuery
  readonly state: ViewState
  readonly update: UpdateViewState
  /** What the search found; `null` when there is no search. */
  readonly found: SearchAnswer | null
  /** Functions that the marked finding stands on. */
  readonly marked: ReadonlySet<string>
}
