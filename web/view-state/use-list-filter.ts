import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { readListFilter } from './list-filter.ts'
import type { SearchParams } from './search-params.ts'

/** Changes the parameters of a page. The back button undoes it, unless it `replaces` the last one, as typing does. */
export type ChangeParams = (params: SearchParams, options?: { readonly replaces?: boolean }) => void

/** The filters of a list, kept in the address of its page. `names` are those beside the times. */
export function useListFilter(names: readonly string[]) {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const filter = readListFilter(params, names, openedAtMs)
  const change: ChangeParams = (search, options) =>
    void navigate({ to: '.', search, replace: options?.replaces === true, resetScroll: false })
  return { params, filter, change }
}
