import { useMemo } from 'react'
import type { ViewState } from '../view-state/view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { ActionContext } from './actions-of.ts'
import type { ProgramVersions } from './source-link.ts'

interface ActionFacts {
  readonly state: ViewState
  readonly versions: ProgramVersions
  readonly rawUrl: string | null
  /** Looks up where functions are; `null` while the profile is loaded. */
  readonly client: ViewClient | null
}

/** What the actions on frames and rows of a page need, with its identity kept while nothing changes. */
export function useActionContext({
  state,
  versions: { kubernetes, go },
  rawUrl,
  client,
}: ActionFacts): Omit<ActionContext, 'pageUrl'> {
  return useMemo(
    () => ({
      state,
      versions: { kubernetes, go },
      rawUrl,
      lookUp: async (funcName) =>
        (await client?.source(funcName)) ?? { funcName, rawNames: [], file: '', line: 0 },
    }),
    [state, kubernetes, go, rawUrl, client],
  )
}
