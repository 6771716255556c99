import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaptureSummary } from '../../api/index.ts'
import { RequestFailure } from '../shell/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './TraceSection.module.css'
import { TraceTables } from './TraceTables.tsx'

/** The execution trace of a capture, summed up in the browser when it is asked for: it is megabytes. */
export function TraceSection({ capture }: { readonly capture: CaptureSummary }) {
  const texts = useTexts()
  const [isWanted, setIsWanted] = useState(false)
  const part = capture.parts.find(({ kind, state }) => kind === 'trace' && state === 'taken')
  const fileName = part?.fileName ?? null
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['trace', capture.id, fileName],
    queryFn: async ({ signal }) => {
      const { readTrace } = await import('./read-trace.ts')
      return await readTrace(capture.id, fileName ?? '', signal)
    },
    enabled: isWanted && fileName !== null,
    staleTime: Infinity,
    retry: false,
  })
  if (fileName === null) return null
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
