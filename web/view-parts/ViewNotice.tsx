import { Button } from '@mantine/core'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { type Filters, hasFilters, NO_FILTERS } from '../view-state/filters.ts'
import classes from './ViewNotice.module.css'

interface ViewNoticeProps {
  /** Why there is no view; `null` without a reason to show. */
  readonly error: Error | null
  readonly filters: Filters
  readonly update: UpdateViewState
}

/** Replaces a view without content, with a way to continue. */
export function ViewNotice({ error, filters, update }: ViewNoticeProps) {
  const texts = useTexts()
  const isFiltered = hasFilters(filters)
  return (
    <div className={classes['notice']}>
      {error === null ? (
        <p>{isFiltered ? texts.filterEmpty : texts.profileEmpty}</p>
      ) : (
        <RequestFailure title={texts.viewFailed} error={error} />
      )}
      {isFiltered && (
        <Button size="compact-sm" variant="default" onClick={() => update({ filters: NO_FILTERS })}>
          {texts.filterReset}
        </Button>
      )}
    </div>
  )
}
