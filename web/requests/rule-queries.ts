import { queryOptions } from '@tanstack/react-query'
import type { ListRulesReply, RuleReply } from '../../api/index.ts'
import { ruleApiPath, rulesApiPath } from '../paths.ts'
import { callServer } from './call-server.ts'

/** Rules change only when the server restarts. */
const staleTime = Number.POSITIVE_INFINITY

export function rulesQuery() {
  return queryOptions({
    queryKey: ['rules'],
    queryFn: ({ signal }) => callServer<ListRulesReply>(rulesApiPath, { signal }),
    staleTime,
  })
}

export function ruleQuery(id: string) {
  return queryOptions({
    queryKey: ['rules', id],
    queryFn: ({ signal }) => callServer<RuleReply>(ruleApiPath(id), { signal }),
    staleTime,
  })
}
