import { memo, useEffect, useId, useRef } from 'react'
import { useLanguage } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { VIEWS } from './index.ts'
import classes from './ViewSwitch.module.css'

interface ViewSwitchProps {
  readonly view: string
  readonly update: UpdateViewState
}

/**
 * The tabs of the views. They look as Mantine's `SegmentedControl` does, which lays the page out twice to know where its
 * mark is: a third of the longest task while a profile loads.
 */
export const ViewSwitch = memo(function ViewSwitch({ view, update }: ViewSwitchProps) {
  const { texts, language } = useLanguage()
  const name = useId()
  const tabs = useRef<HTMLDivElement>(null)
  // Whoever walks through the tabs passes views that are not wanted back.
  const isWalking = useRef(false)
  useEffect(() => {
    const element = tabs.current
    if (element === null) return undefined
    // When the browser has laid it out: reading its width would have that done at once.
    const observer = new ResizeObserver(() => showTab(element, view))
    observer.observe(element)
    return () => observer.disconnect()
  }, [view])
  return (
    <div ref={tabs} className={classes['tabs']}>
      <div
        className={classes['track']}
        role="radiogroup"
        aria-label={texts.views}
        onKeyDown={({ key }) => {
          isWalking.current = key.startsWith('Arrow')
        }}
        onPointerDown={() => {
          isWalking.current = false
        }}
      >
        {VIEWS.map((entry) => (
          <label key={entry.name} className={classes['tab']}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={entry.name}
              checked={entry.name === view}
              onChange={() => update({ view: entry.name }, { replaces: isWalking.current })}
            />
            {entry.title[language]}
          </label>
        ))}
      </div>
    </div>
  )
})

/** Scrolls the tabs sideways where they are wider than the screen, and nothing else. */
function showTab(tabs: HTMLElement, view: string): void {
  const inputs = [...tabs.querySelectorAll('input')]
  const chosen = inputs.find(({ value }) => value === view)?.parentElement ?? null
  if (chosen === null || tabs.scrollWidth <= tabs.clientWidth) return
  const [around, box] = [tabs.getBoundingClientRect(), chosen.getBoundingClientRect()]
  tabs.scrollLeft += box.left + box.width / 2 - (around.left + around.width / 2)
}
