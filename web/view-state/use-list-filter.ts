import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { readListFilter } from './list-filter.ts'
import type { SearchParams } from './search-params.ts'

/** Changes the parameters of a page. The back button undoes it, unless it `replaces` the last one, as typing does. */
export type ChangeParams = (params: SearchParams, options?: { readonly replaces?: boolean }) => void

/**
 * The filters of a list, kept in the address of its page. `counted` are those beside the times whose values the page counts;
 * an address may name an instance and labels, too.
 */
export function useListFilter(counted: readonly string[]) {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const names = [...counted, ...Object.keys(params).filter(isUncounted)]
  const filter = readListFilter(params, names, openedAtMs)
  const change: ChangeParams = (search, options) =>
    void navigate({ to: '.', search, replace: options?.replaces === true, resetScroll: false })
  return { names, params, filter, change }
}

/** Of a filter that an address may have, whose values are too many to be counted. */
export function isUncounted(name: string): boolean {
  return name === 'instance' || name.startsWith('label.')
}
