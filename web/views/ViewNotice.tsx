import { Button } from '@mantine/core'
import { RequestFailure } from '../shell/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { NO_FILTERS } from '../view-state/view-state.ts'
import classes from './ViewNotice.module.css'

interface ViewNoticeProps {
  /** Why there is no view; `null` where the filters left nothing. */
  readonly error: Error | null
  readonly update: UpdateViewState
}

/** Stands in for a view that has nothing to draw, with the way out. */
export function ViewNotice({ error, update }: ViewNoticeProps) {
  const texts = useTexts()
  return (
    <div className={classes['notice']}>
      {error === null ? (
        <p>{texts.filterEmpty}</p>
      ) : (
        <RequestFailure title={texts.viewFailed} error={error} />
      )}
      <Button size="compact-sm" variant="default" onClick={() => update({ filters: NO_FILTERS })}>
        {texts.filterReset}
      </Button>
    </div>
  )
}
