import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearch, useNavigate } from '@tanstack/react-router'
import type { CaptureSummary } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { capturesQuery } from '../requests/capture-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { SelectBox } from '../ui/SelectBox.tsx'
import { SelectionBar } from '../ui/SelectionBar.tsx'
import { useSelection } from '../ui/use-selection.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { captureTitle } from './capture-title.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import classes from './CapturesPage.module.css'
import rows from '../ui/Rows.module.css'
import { CaptureVerdict } from './CaptureVerdict.tsx'

/** Captures, newest first, with their worst findings. */
export function CapturesPage() {
  const texts = useTexts()
  usePageTitle(texts.capturesTitle)
  const navigate = useNavigate()
  const { selected, toggle, clear } = useSelection()
  const { target = '' } = useSearch({ from: '/captures' })
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    capturesQuery(target),
  )
  const captures = data?.pages.flatMap(({ items }) => items)
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">
          {texts.capturesTitle}
          {target !== '' && <UntrustedText text={`: ${target}`} />}
        </h1>
        <p className="muted">{texts.capturesLead}</p>
      </header>
      {captures === undefined && error === null && <Skeleton height={180} radius="md" />}
      {captures === undefined && error !== null && (
        <RequestFailure title={texts.capturesFailed} error={error} onRetry={() => void refetch()} />
      )}
      {captures?.length === 0 && (
        <p className={`card ${classes['empty']}`}>{texts.capturesEmpty}</p>
      )}
      {captures !== undefined && captures.length > 0 && (
        <ul className={`card ${rows['list']} ${classes['list']}`}>
          {captures.map((capture) => (
            <CaptureRow
              key={capture.id}
              capture={capture}
              isSelected={selected.includes(capture.id)}
              onToggle={() => toggle(capture.id)}
            />
          ))}
        </ul>
      )}
      <SelectionBar
        selected={selected}
        onCompare={(a, b) => void navigate({ to: '/compare', search: { a, b, of: 'captures' } })}
        onClear={clear}
      />
      {hasNextPage && (
        <Button
          size="compact-md"
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {texts.capturesMore}
        </Button>
      )}
    </div>
  )
}

interface CaptureRowProps {
  readonly capture: CaptureSummary
  readonly isSelected: boolean
  readonly onToggle: () => void
}

function CaptureRow({ capture, isSelected, onToggle }: CaptureRowProps) {
  const texts = useTexts()
  const { component, schedule, origin } = capture
  const title = captureTitle(capture, texts)
  return (
    <li className={rows['selectable']}>
      <SelectBox
        label={texts.compareSelect(visibleText(title))}
        isSelected={isSelected}
        onToggle={onToggle}
      />
      <Link
        to="/captures/$id"
        params={{ id: capture.id }}
        className={`${rows['row']} ${classes['row']}`}
      >
        <span className={classes['name']}>
          <UntrustedText text={title} />
          {component !== null && component !== title && (
            <span className={classes['component']}>
              <UntrustedText text={component} />
            </span>
          )}
        </span>
        <span className={classes['verdict']}>
          <CaptureVerdict capture={capture} />
        </span>
        <span className={classes['meta']}>
          <span>{schedule ?? texts.captureOrigin[origin]}</span>
          <TimeAgo time={capture.startedAt ?? capture.createdAt} />
        </span>
      </Link>
    </li>
  )
}
