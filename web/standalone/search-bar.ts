import { formatShare } from '../../profile/index.ts'
import type { Match, SearchAnswer } from '../view-worker/view-messages.ts'
import { button, make } from './elements.ts'
import type { PageTexts } from './page-data.ts'

export interface SearchBar {
  readonly element: HTMLElement
  /** Begins with a search; an empty text ends one. */
  readonly start: (text: string, isRegex: boolean) => void
}

interface SearchEvents {
  readonly search: (text: string, isRegex: boolean) => Promise<SearchAnswer | null>
  /** `null` without a search. */
  readonly onFound: (names: ReadonlySet<string> | null) => void
  readonly onMatch: (match: Match) => void
}

/** A search field with the share of what was found, and a way from match to match. */
export function searchBar(texts: PageTexts, events: SearchEvents): SearchBar {
  const field = make('input', {
    type: 'search',
    placeholder: texts.search,
    'aria-label': texts.search,
  })
  const regex = make('input', { type: 'checkbox' })
  const result = make('span', { role: 'status', class: 'result' })
  let matches: readonly Match[] = []
  let at = -1
  // A step that was asked for before the matches of the text were there.
  let awaited: 1 | -1 | null = null
  let isSearching = false
  const run = async () => {
    const text = field.value
    at = -1
    matches = []
    awaited = null
    isSearching = text !== ''
    result.textContent = ''
    if (text === '') {
      events.onFound(null)
      return
    }
    const answer = await events.search(text, regex.checked)
    if (answer === null || field.value !== text) return
    isSearching = false
    matches = answer.matches
    const share = formatShare(answer.share)
    result.textContent = answer.funcCount === 0 ? texts.noMatch : `${answer.frameCount} · ${share}`
    events.onFound(answer.names)
    if (awaited !== null) step(awaited)
  }
  const search = () => {
    run().catch((error: unknown) => {
      isSearching = false
      result.textContent = error instanceof Error ? error.message : String(error)
    })
  }
  const step = (by: 1 | -1) => {
    awaited = isSearching ? by : null
    if (matches.length === 0) return
    at = at === -1 && by === -1 ? matches.length - 1 : (at + by + matches.length) % matches.length
    const match = matches[at]
    if (match !== undefined) events.onMatch(match)
  }
  field.addEventListener('input', search)
  regex.addEventListener('change', search)
  field.addEventListener('keydown', ({ key, shiftKey }) => {
    if (key === 'Enter') step(shiftKey ? -1 : 1)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === field) return
    event.preventDefault()
    field.focus()
  })
  return {
    element: make(
      'span',
      { class: 'search', role: 'search' },
      field,
      make('label', {}, regex, ` ${texts.regex}`),
      button(texts.previous, () => step(-1)),
      button(texts.next, () => step(1)),
      result,
    ),
    start(text, isRegex) {
      field.value = text
      regex.checked = isRegex
      search()
    },
  }
}
