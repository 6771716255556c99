import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaptureSummary, TraceReply } from '../../api/index.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './TraceSection.module.css'
import { TraceTables } from './TraceTables.tsx'

interface TraceSectionProps {
  readonly capture: CaptureSummary
  readonly load: (signal: AbortSignal) => Promise<TraceReply>
  /** Whether it is shown without a request. */
  readonly isOpen?: boolean
}

/** The summary of a capture's execution trace, on request: it takes a moment to compute. */
export function TraceSection({ capture, load, isOpen = false }: TraceSectionProps) {
  const texts = useTexts()
  const [isWanted, setIsWanted] = useState(isOpen)
  const part = capture.parts.find(({ kind, state }) => kind === 'trace' && state === 'taken')
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['trace', capture.id],
    queryFn: ({ signal }) => load(signal),
    networkMode: 'always',
    enabled: isWanted && part !== undefined,
    staleTime: Infinity,
    retry: false,
  })
  if (part === undefined) return null
  return (
    <section aria-labelledby="trace">
      <h2 id="trace" className={classes['heading']}>
        {texts.traceTitle}
      </h2>
      {error !== null && (
        <RequestFailure title={texts.traceFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && (
        <Button
          size="compact-md"
          variant="default"
          loading={isFetching}
          onClick={() => setIsWanted(true)}
        >
          {texts.traceSum}
        </Button>
      )}
      {data !== undefined && <TraceTables trace={data} />}
    </section>
  )
}
