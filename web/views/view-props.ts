import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { SearchAnswer, TreeQuery } from '../view-worker/view-messages.ts'

/**
 * The props of every view. A view draws and requests changes of the view state; it has no state.
 */
export interface ViewProps {
  readonly client: ViewClient
  readonly query: TreeQuery
  readonly state: ViewState
  readonly update: UpdateViewState
  /** The functions that the search found; `null` without a search. */
  readonly found: SearchAnswer | null
  /** Functions of the marked finding. */
  readonly marked: ReadonlySet<string>
}
