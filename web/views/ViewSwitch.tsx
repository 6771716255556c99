import { SegmentedControl } from '@mantine/core'
import { memo, useEffect, useRef } from 'react'
import { useLanguage } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { VIEWS } from './index.ts'
import classes from './ViewsPanel.module.css'

interface ViewSwitchProps {
  readonly view: string
  readonly update: UpdateViewState
}

/** The tabs of the views. */
export const ViewSwitch = memo(function ViewSwitch({ view, update }: ViewSwitchProps) {
  const { texts, language } = useLanguage()
  const tabs = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (tabs.current !== null) showTab(tabs.current, view)
  }, [view])
  return (
    <div ref={tabs} className={classes['tabs']}>
      <SegmentedControl
        size="xs"
        value={view}
        aria-label={texts.views}
        data={VIEWS.map(({ name, title }) => ({ value: name, label: title[language] }))}
        onChange={(chosen) => update({ view: chosen })}
      />
    </div>
  )
})

/** Scrolls the tabs sideways where they are wider than the screen, and nothing else. */
function showTab(tabs: HTMLElement, view: string): void {
  const inputs = [...tabs.querySelectorAll('input')]
  const chosen = inputs.find(({ value }) => value === view)?.nextElementSibling ?? null
  if (chosen === null || tabs.scrollWidth <= tabs.clientWidth) return
  const [around, box] = [tabs.getBoundingClientRect(), chosen.getBoundingClientRect()]
  tabs.scrollLeft += box.left + box.width / 2 - (around.left + around.width / 2)
}
