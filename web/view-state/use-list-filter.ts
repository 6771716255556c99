import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { readListFilter } from './list-filter.ts'
import type { SearchParams } from './search-params.ts'

/** The filters of a list, kept in the address of its page. `names` are those beside the times. */
export function useListFilter(names: readonly string[]) {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const filter = readListFilter(params, names, openedAtMs)
  const change = (search: SearchParams) => void navigate({ to: '.', search, replace: true })
  return { params, filter, change }
}
