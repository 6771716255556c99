import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import { copyText } from '../ui/copy-text.ts'
import { Announcement } from '../ui/Announcement.tsx'
import type { ActionId } from '../key-table.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { ActionMenu } from './ActionMenu.tsx'
import { ActionsContext, type ScreenPoint, type SubjectActions } from './actions-context.ts'
import { openMenusByLongPress } from './long-press.ts'
import { type Action, type ActionContext, actionsOf } from './actions-of.ts'
import type { Subject } from './subject.ts'

interface ActionsProviderProps {
  readonly context: Omit<ActionContext, 'pageUrl'>
  readonly update: UpdateViewState
  readonly children: ReactNode
}

interface OpenedMenu {
  readonly subject: Subject
  readonly point: ScreenPoint
  readonly groups: readonly (readonly Action[])[]
}

/** Lets everything below it act on functions, packages, subsystems and tags, by menu and by key. */
export function ActionsProvider({ context, update, children }: ActionsProviderProps) {
  const texts = useTexts()
  const [menu, setMenu] = useState<OpenedMenu | null>(null)
  const [said, setSaid] = useState('')
  const latest = useRef({ context, update, texts })
  useEffect(() => {
    latest.current = { context, update, texts }
  })
  useEffect(() => {
    const stop = new AbortController()
    openMenusByLongPress(stop.signal)
    return () => stop.abort()
  }, [])
  const perform = useCallback(({ id, effect }: Action) => {
    const now = latest.current
    if (effect.kind === 'update') now.update(effect.changes)
    else if (effect.kind === 'open') window.open(effect.url, '_blank', 'noopener,noreferrer')
    else {
      const say = (text: string) => setSaid(`${now.texts.act[id]}: ${text}`)
      void copyText(effect.text).then(
        () => say(now.texts.copied),
        () => say(now.texts.copyFailed),
      )
    }
  }, [])
  const actions = useMemo<SubjectActions>(() => {
    const list = (subject: Subject) =>
      actionsOf(subject, { ...latest.current.context, pageUrl: location.href })
    return {
      openMenu: (subject, point) =>
        void list(subject).then((groups) => setMenu({ subject, point, groups })),
      act: (id: ActionId, subject) =>
        void list(subject).then((groups) => {
          const found = groups.flat().find((action) => action.id === id)
          if (found !== undefined) perform(found)
        }),
    }
  }, [perform])
  return (
    <ActionsContext value={actions}>
      {children}
      {menu !== null && <ActionMenu {...menu} onPerform={perform} onClose={() => setMenu(null)} />}
      <Announcement text={said} onEnd={() => setSaid('')} />
    </ActionsContext>
  )
}
