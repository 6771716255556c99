import { createContext, useContext } from 'react'
import type { ActionId } from '../key-table.ts'
import type { Subject } from './subject.ts'

/** Where on the screen a menu opens. */
export interface ScreenPoint {
  readonly xPx: number
  readonly yPx: number
}

export interface SubjectActions {
  /** Opens the menu of what can be done with the subject. */
  readonly openMenu: (subject: Subject, point: ScreenPoint) => void
  /** Does one of it at once. */
  readonly act: (id: ActionId, subject: Subject) => void
}

/** Where there is no view that could be acted on. */
export const NO_ACTIONS: SubjectActions = { openMenu: () => {}, act: () => {} }

export const ActionsContext = createContext(NO_ACTIONS)

export function useActions(): SubjectActions {
  return useContext(ActionsContext)
}
