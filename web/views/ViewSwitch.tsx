import { SegmentedControl } from '@mantine/core'
import { memo } from 'react'
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
  return (
    <div className={classes['tabs']}>
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
