import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { StorageReply } from '../../api/index.ts'
import { formatValue } from '../../profile/index.ts'
import { storageQuery } from '../requests/storage-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'

/** What all profiles take, as files and in history, and what a day adds. */
export function StorageSection() {
  const texts = useTexts()
  const { data, error, refetch } = useQuery(storageQuery())
  return (
    <section aria-labelledby="storage">
      <h2 id="storage">{texts.storageTitle}</h2>
      {data === undefined && error === null && <Skeleton height={24} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.storageFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && <p className="numbers">{texts.storageTotals(totalsOf(data))}</p>}
    </section>
  )
}

function totalsOf({ items }: StorageReply) {
  const sizeOf = (kept: StorageReply['items']) =>
    bytesText(kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  return {
    daily: bytesText(items.reduce((sum, { bytesPerDay }) => sum + bytesPerDay, 0)),
    files: sizeOf(items.filter(isFile)),
    history: sizeOf(items.filter((item) => !isFile(item))),
  }
}

function isFile({ form }: StorageReply['items'][number]): boolean {
  return form === 'files'
}

function bytesText(bytes: number): string {
  return formatValue(Math.round(bytes), 'bytes')
}
