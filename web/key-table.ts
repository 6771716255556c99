/** A key and what it does; the list of shortcuts, the menus and the listeners all read this table. */
export interface Shortcut {
  readonly id: ShortcutId
  /** As `KeyboardEvent.key` names it. */
  readonly keys: readonly string[]
}

/** What can be done with what the reader points at. */
export type ActionId =
  | 'focus'
  | 'ignore'
  | 'hide'
  | 'showFrom'
  | 'collapseRecursion'
  | 'collapsePackage'
  | 'callers'
  | 'sandwich'
  | 'search'
  | 'copyName'
  | 'copyStack'
  | 'copyLink'
  | 'copyPprof'
  | 'source'

export type ShortcutId =
  | ActionId
  | 'find'
  | 'nextMatch'
  | 'previousMatch'
  | 'back'
  | 'whole'
  | 'views'
  | 'direction'
  | 'arrows'
  | 'zoom'
  | 'select'
  | 'menu'
  | 'help'

export const ACTION_KEYS: readonly (Shortcut & { readonly id: ActionId })[] = [
  { id: 'focus', keys: ['f'] },
  { id: 'ignore', keys: ['i'] },
  { id: 'hide', keys: ['h'] },
  { id: 'showFrom', keys: ['w'] },
  { id: 'collapseRecursion', keys: ['r'] },
  { id: 'collapsePackage', keys: ['p'] },
  { id: 'callers', keys: ['e'] },
  { id: 'sandwich', keys: ['s'] },
  { id: 'copyName', keys: ['c'] },
  { id: 'copyStack', keys: ['C'] },
  { id: 'copyLink', keys: ['l'] },
  { id: 'source', keys: ['o'] },
]

export const VIEW_KEYS: readonly Shortcut[] = [
  { id: 'find', keys: ['/'] },
  { id: 'nextMatch', keys: ['n', 'Enter'] },
  { id: 'previousMatch', keys: ['N', 'Shift+Enter'] },
  { id: 'back', keys: ['Esc'] },
  { id: 'whole', keys: ['0'] },
  { id: 'views', keys: ['1', '…', '9'] },
  { id: 'direction', keys: ['v'] },
]

export const FRAME_KEYS: readonly Shortcut[] = [
  { id: 'arrows', keys: ['←', '↑', '→', '↓'] },
  { id: 'zoom', keys: ['Enter'] },
  { id: 'select', keys: ['Space'] },
  { id: 'menu', keys: ['m'] },
  ...ACTION_KEYS,
]

export const PAGE_KEYS: readonly Shortcut[] = [{ id: 'help', keys: ['?'] }]
