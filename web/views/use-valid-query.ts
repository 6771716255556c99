import { useMemo, useState } from 'react'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { NO_FILTERS } from '../view-state/filters.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { InvalidPattern, TreeQuery } from '../view-worker/view-messages.ts'

/** What the views show, and why that is not what is wanted. */
export interface ValidQuery {
  readonly query: TreeQuery
  readonly error: InvalidPattern | null
  /** Whether there were valid filters before, which still apply; else none does. */
  readonly isEarlier: boolean
}

/**
 * The query that the views show: the wanted one, or while a filter of it is not a regular expression the last valid one. An
 * address that was invalid from the start is shown without filters.
 */
export function useValidQuery(client: ViewClient, wanted: TreeQuery): ValidQuery {
  const { data } = useWorkerAnswer(client, ['check', wanted], async () => ({
    of: wanted,
    error: await client.check(wanted),
  }))
  const [valid, setValid] = useState<TreeQuery | null>(null)
  const error = data?.of === wanted ? data.error : null
  if (data?.of === wanted && error === null && valid !== wanted) setValid(wanted)
  const unfiltered = useMemo(() => ({ ...wanted, filters: NO_FILTERS }), [wanted])
  const isEarlier = valid !== null
  return { query: valid ?? (error === null ? wanted : unfiltered), error, isEarlier }
}
