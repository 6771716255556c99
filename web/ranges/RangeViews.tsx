import { ActionsProvider } from '../actions/ActionsProvider.tsx'
import { useActionContext } from '../actions/use-action-context.ts'
import { rangeApiPath } from '../paths.ts'
import { useViewClient } from '../view-parts/use-view-client.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { ViewsPanel } from '../views/ViewsPanel.tsx'
import { RangeFailure } from './RangeFailure.tsx'
import { rangeParams, type RangeState } from './range-state.ts'

interface RangeViewsProps {
  readonly range: RangeState
  readonly state: ViewState
  readonly update: UpdateViewState
}

const NO_VERSIONS = { kubernetes: null, go: null }

/** The range as one profile, in the views of profiles. */
export function RangeViews({ range, state, update }: RangeViewsProps) {
  const params = rangeParams(range)
  const opened = useViewClient(rangeApiPath('columns', params))
  const context = useActionContext({
    state,
    versions: NO_VERSIONS,
    rawUrl: location.origin + rangeApiPath('raw', params),
    client: opened.client,
  })
  if (opened.error !== null) return <RangeFailure error={opened.error} onRetry={opened.retry} />
  return (
    <ActionsProvider context={context} update={update}>
      <ViewsPanel opened={opened} state={state} update={update} marked={null} />
    </ActionsProvider>
  )
}
