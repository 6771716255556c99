import { Skeleton } from '@mantine/core'
import type { ProfileSummary } from '../../api/index.ts'
import { CompareExport } from '../compare/CompareExport.tsx'
import { sideFact } from '../compare/side-fact.ts'
import { ComparePanel } from '../compare/ComparePanel.tsx'
import { columnsApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { PageHeader } from '../ui/PageHeader.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useViewClient } from '../view-parts/use-view-client.ts'

interface SharedComparisonProps {
  readonly token: string
  readonly before: ProfileSummary
  readonly after: ProfileSummary
}

/** A shared comparison: what changed from one profile to the other. */
export function SharedComparison({ token, before, after }: SharedComparisonProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const beforePath = columnsApiPath({ kind: 'link', token, isBefore: true })
  const afterPath = columnsApiPath({ kind: 'link', token })
  const { client, error } = useViewClient(afterPath, beforePath)
  const facts = [
    sideFact(texts.compareBefore, before, zone),
    sideFact(texts.compareAfter, after, zone),
  ]
  return (
    <>
      <PageHeader title={texts.compareTitle} kind={after.component} facts={facts}>
        <CompareExport before={beforePath} after={afterPath} facts={facts} />
      </PageHeader>
      {error !== null && <RequestFailure title={texts.compareFailed} error={error} />}
      {client === null && error === null && <Skeleton height={420} radius="md" />}
      {client !== null && <ComparePanel client={client}>{null}</ComparePanel>}
    </>
  )
}
