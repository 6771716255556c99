import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { ComparedPer, RequestRates } from '../../profile/index.ts'
import type { SearchParams } from '../view-state/search-params.ts'

/** Which flame graphs are shown: the difference and below it both, or one of the three. */
export const SHOWN = ['all', 'both', 'before', 'after'] as const

/** What values are divided by. */
export const PERS = ['second', 'profile', 'request'] as const

/** How two profiles are compared, as the address has it. */
export interface CompareChoice {
  /** A name; `''` for the default of the second profile. */
  readonly sampleType: string
  /** `request` counts where it is known how many there were. */
  readonly per: (typeof PERS)[number]
  readonly shown: (typeof SHOWN)[number]
  /** The path key of the zoomed frame. */
  readonly zoom: string
}

const NOTHING: SearchParams = {}

/**
 * The choice in the address, and a function to change it. The browser's back button undoes a change. `whenEmpty` is used
 * for an address without a choice.
 */
export function useCompareChoice(
  whenEmpty: SearchParams = NOTHING,
): readonly [CompareChoice, (changes: Partial<CompareChoice>) => void] {
  const own: SearchParams = useSearch({ strict: false })
  const params = Object.keys(own).length === 0 ? whenEmpty : own
  const navigate = useNavigate()
  const choice = useMemo(() => readChoice(params), [params])
  const change = useCallback(
    (changes: Partial<CompareChoice>) =>
      void navigate({
        to: '.',
        search: notEmpty(withChoice(params, { ...readChoice(params), ...changes })),
        resetScroll: false,
      }),
    [navigate, params],
  )
  return [choice, change]
}

/** An address without any parameter would stand for what it opens with. */
function notEmpty(params: SearchParams): SearchParams {
  return Object.keys(params).length === 0 ? { per: 'second' } : params
}

export function readChoice(params: SearchParams): CompareChoice {
  return {
    sampleType: params['si'] ?? '',
    per: PERS.find((known) => known === params['per']) ?? 'second',
    shown: SHOWN.find((known) => known === params['show']) ?? 'all',
    zoom: params['p'] ?? '',
  }
}

/** The inverse of `readChoice`; other parameters stay. Defaults are left out. */
export function withChoice(params: SearchParams, choice: CompareChoice): SearchParams {
  const own = {
    si: choice.sampleType,
    per: choice.per === 'second' ? '' : choice.per,
    show: choice.shown === 'all' ? '' : choice.shown,
    p: choice.zoom,
  }
  return Object.fromEntries(
    Object.entries({ ...params, ...own }).filter(([, value]) => value !== ''),
  )
}

/** What the values of a comparison are divided by: per second where it is not known how many requests there were. */
export function chosenPer({ per }: CompareChoice, rates: RequestRates | null): ComparedPer {
  if (per !== 'request') return per
  return rates === null ? 'second' : { before: rates.before, after: rates.after }
}
