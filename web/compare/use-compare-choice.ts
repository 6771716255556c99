import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { SearchParams } from '../view-state/search-params.ts'

/** Which flame graphs are shown: the difference and below it both, or one of the three. */
export const SHOWN = ['all', 'both', 'before', 'after'] as const

/** How two profiles are compared, as the address has it. */
export interface CompareChoice {
  /** A name; `''` for the default of the second profile. */
  readonly sampleType: string
  readonly isAbsolute: boolean
  readonly shown: (typeof SHOWN)[number]
  /** The path key of the zoomed frame. */
  readonly zoom: string
}

/** The choice in the address, and a function to change it. The browser's back button undoes a change. */
export function useCompareChoice(): readonly [
  CompareChoice,
  (changes: Partial<CompareChoice>) => void,
] {
  const params: SearchParams = useSearch({ strict: false })
  const navigate = useNavigate()
  const choice = useMemo(() => readChoice(params), [params])
  const change = useCallback(
    (changes: Partial<CompareChoice>) =>
      void navigate({
        to: '.',
        search: withChoice(params, { ...readChoice(params), ...changes }),
        resetScroll: false,
      }),
    [navigate, params],
  )
  return [choice, change]
}

export function readChoice(params: SearchParams): CompareChoice {
  return {
    sampleType: params['si'] ?? '',
    isAbsolute: params['abs'] === '1',
    shown: SHOWN.find((known) => known === params['show']) ?? 'all',
    zoom: params['p'] ?? '',
  }
}

/** The inverse of `readChoice`; other parameters stay. Defaults are left out. */
export function withChoice(params: SearchParams, choice: CompareChoice): SearchParams {
  const own = {
    si: choice.sampleType,
    abs: choice.isAbsolute ? '1' : '',
    show: choice.shown === 'all' ? '' : choice.shown,
    p: choice.zoom,
  }
  return Object.fromEntries(
    Object.entries({ ...params, ...own }).filter(([, value]) => value !== ''),
  )
}
