import { Skeleton } from '@mantine/core'
import type { ProfileSummary } from '../../api/index.ts'
import { ComparePanel } from '../compare/ComparePanel.tsx'
import { formatTime } from '../format/format-time.ts'
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
  const { client, error } = useViewClient(
    columnsApiPath({ kind: 'link', token }),
    columnsApiPath({ kind: 'link', token, isBefore: true }),
  )
  const factOf = (
    label: string,
    { target, component, type, takenAt, receivedAt }: ProfileSummary,
  ) =>
    [label, target ?? component, type, formatTime(takenAt ?? receivedAt, zone)]
      .filter((part) => part !== null)
      .join(' ')
  return (
    <>
      <PageHeader
        title={texts.compareTitle}
        kind={after.component}
        facts={[factOf(texts.compareBefore, before), factOf(texts.compareAfter, after)]}
      />
      {error !== null && <RequestFailure title={texts.compareFailed} error={error} />}
      {client === null && error === null && <Skeleton height={420} radius="md" />}
      {client !== null && <ComparePanel client={client}>{null}</ComparePanel>}
    </>
  )
}
