import { useState } from 'react'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'

/**
 * The query that the views show: the wanted one, or the last valid one while a filter of it is not a regular
 * expression. `error` then says why.
 */
export function useValidQuery(client: ViewClient, wanted: TreeQuery) {
  const { data } = useWorkerAnswer(client, ['check', wanted], async () => ({
    of: wanted,
    error: await client.check(wanted),
  }))
  const [valid, setValid] = useState(wanted)
  const isChecked = data?.of === wanted
  if (isChecked && data.error === null && valid !== wanted) setValid(wanted)
  return { query: valid, error: isChecked ? data.error : null }
}
