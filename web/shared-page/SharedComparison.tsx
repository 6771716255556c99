import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import type { ProfileSummary, SharedReply } from '../../api/index.ts'
import { CompareExport } from '../compare/CompareExport.tsx'
import { sideFact } from '../compare/side-fact.ts'
import { ComparePanel } from '../compare/ComparePanel.tsx'
import { comparedRates } from '../compare/use-request-rates.ts'
import { columnsApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { parseQueryString } from '../view-state/search-params.ts'
import { useViewClient } from '../view-parts/use-view-client.ts'

interface SharedComparisonProps {
  readonly token: string
  readonly before: ProfileSummary
  readonly shared: SharedReply
}

/** A shared comparison: what changed from one profile to the other. */
export function SharedComparison({ token, before, shared }: SharedComparisonProps) {
  const texts = useTexts()
  const { profile: after, requests, view } = shared
  const rates = comparedRates(requests.before, requests.after)
  const whenEmpty = useMemo(() => parseQueryString(view), [view])
  const { zone } = useTimeZone()
  const beforePath = columnsApiPath({ kind: 'link', token, isBefore: true })
  const afterPath = columnsApiPath({ kind: 'link', token })
  const { client, error, retry } = useViewClient(afterPath, beforePath)
  const facts = [
    sideFact(texts.compareBefore, before, zone),
    sideFact(texts.compareAfter, after, zone),
  ]
  return (
    <>
      <PageHeader title={texts.compareTitle} kind={after.component} facts={facts}>
        <CompareExport before={beforePath} after={afterPath} {...{ rates, whenEmpty, facts }} />
      </PageHeader>
      {error !== null && (
        <RequestFailure title={texts.compareNotLoaded} error={error} onRetry={retry} />
      )}
      {client === null && error === null && <Skeleton height={420} radius="md" />}
      {client !== null && <ComparePanel {...{ client, rates, whenEmpty }} />}
    </>
  )
}
