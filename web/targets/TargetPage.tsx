import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import type { CaptureSummary } from '../../api/index.ts'
import { LazyTimeChart } from '../charts/LazyTimeChart.tsx'
import { MarkList } from '../charts/MarkList.tsx'
import { CaptureTable } from '../captures/CaptureTable.tsx'
import { FindingRow } from '../inbox/FindingRow.tsx'
import { capturesQuery } from '../requests/capture-queries.ts'
import { worstFindingsQuery } from '../requests/finding-queries.ts'
import { targetsQuery, trendQuery, type TrendOf } from '../requests/target-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { PagedList } from '../ui/PagedList.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../ui/Rows.module.css'
import { CaptureNowDialog } from './CaptureNowDialog.tsx'
import classes from './TargetPage.module.css'
import { timelineOf, timeOf } from './timeline.ts'

const TRENDS = {
  cpu: { type: 'cpu', si: 'cpu' },
  heap: { type: 'heap', si: 'inuse_space' },
  goroutine: { type: 'goroutine', si: 'goroutine' },
} as const satisfies Record<string, TrendOf>
const TREND_NAMES = ['cpu', 'heap', 'goroutine'] as const

/** One target: its captures over time, its findings open and resolved, and what to compare. */
export function TargetPage() {
  const texts = useTexts()
  const { name } = useParams({ from: '/targets/$name' })
  const { data: targets } = useQuery(targetsQuery())
  const target = targets?.items.find((one) => one.name === name) ?? null
  const captures = useInfiniteQuery(capturesQuery({ target: name, limit: '200' }))
  const pages = captures.data?.pages
  // The list is in the order of arrival; uploads may be of any time.
  const shown = useMemo(
    () => pages?.flatMap(({ items }) => items).toSorted((a, b) => timeOf(b) - timeOf(a)),
    [pages],
  )
  const canOperate = useCanOperate()
  const [isCapturing, setIsCapturing] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  return (
    <div className={`page ${classes['page']}`}>
      <PageHeader title={name} kind={target?.kind ?? null} facts={factsOf(shown, target?.cluster)}>
        {canOperate && target !== null && (
          <Button size="compact-md" onClick={() => setIsCapturing(true)}>
            {texts.captureNow}
          </Button>
        )}
      </PageHeader>
      {shown !== undefined && shown.length > 0 && (
        <Timeline name={name} captures={shown} onChoose={setChosen} />
      )}
      <TargetFindings name={name} canOperate={canOperate} />
      <section aria-labelledby="captures" className={classes['section']}>
        <h2 id="captures" className={classes['heading']}>
          {texts.capturesTitle}
        </h2>
        <PagedList
          query={captures}
          rows={shown}
          skeletonPx={180}
          failed={texts.capturesFailed}
          more={texts.capturesMore}
          empty={<p className="muted">{texts.targetNoCaptures}</p>}
        >
          {(all) => <CaptureTable captures={all} chosen={chosen} onChoose={setChosen} />}
        </PagedList>
      </section>
      {isCapturing && (
        <CaptureNowDialog target={name} instance={null} onClose={() => setIsCapturing(false)} />
      )}
    </div>
  )
}

/** The cluster, and the versions of the newest capture. */
function factsOf(
  captures: readonly CaptureSummary[] | undefined,
  cluster: string | null | undefined,
): readonly string[] {
  const newest = captures?.find(({ kubernetesVersion }) => kubernetesVersion !== null)
  const facts = [
    cluster ?? newest?.cluster ?? null,
    newest?.kubernetesVersion ?? null,
    newest?.goVersion ?? null,
  ]
  return facts.filter((fact) => fact !== null)
}

interface TimelineProps {
  readonly name: string
  readonly captures: readonly CaptureSummary[]
  readonly onChoose: (ids: readonly string[]) => void
}

/** The chart; a span drawn on it chooses its first and last capture, to compare them. */
function Timeline({ name, captures, onChoose }: TimelineProps) {
  const texts = useTexts()
  const params = useSearch({ from: '/targets/$name' })
  const navigate = useNavigate()
  const trend = TREND_NAMES.find((one) => one === params['trend']) ?? 'cpu'
  const { data, error } = useQuery(trendQuery(name, TRENDS[trend]))
  const choose = useCallback(
    (fromMs: number, toMs: number) => onChoose(endsOf(captures, fromMs, toMs)),
    [captures, onChoose],
  )
  const label = texts.trends[trend]
  const chart = useMemo(
    () => timelineOf(captures, data ?? null, { texts, label }),
    [captures, data, texts, label],
  )
  return (
    <section className={`card ${classes['timeline']}`} aria-label={texts.timeline}>
      <div className={classes['bar']}>
        <SegmentedControl
          size="xs"
          value={trend}
          aria-label={texts.timeline}
          data={TREND_NAMES.map((value) => ({ value, label: texts.trends[value] }))}
          onChange={(value) =>
            void navigate({
              to: '/targets/$name',
              params: { name },
              search: value === 'cpu' ? {} : { trend: value },
              replace: true,
            })
          }
        />
        <span className="muted">{texts.timelineHint}</span>
      </div>
      {error !== null && <p className={classes['none']}>{texts.trendNone}</p>}
      <LazyTimeChart
        chart={chart}
        label={texts.timelineCaptures(captures.length)}
        onSpan={choose}
      />
      <MarkList marks={chart.marks} />
    </section>
  )
}

/** The first and the last capture of a span. */
function endsOf(
  captures: readonly CaptureSummary[],
  fromMs: number,
  toMs: number,
): readonly string[] {
  const within = captures.filter((capture) => {
    const atMs = timeOf(capture)
    return atMs >= fromMs && atMs <= toMs
  })
  const ends = [within[0]?.id, within.at(-1)?.id].filter((id) => id !== undefined)
  return [...new Set(ends)]
}

interface TargetFindingsProps {
  readonly name: string
  readonly canOperate: boolean
}

function TargetFindings({ name, canOperate }: TargetFindingsProps) {
  const { texts, language } = useLanguage()
  const { data, error } = useQuery(worstFindingsQuery({ target: [name] }, language))
  if (error !== null) return <RequestFailure title={texts.findingsFailed} error={error} />
  if (data === undefined) return <Skeleton height={120} radius="md" />
  const open = data.items.filter(({ state }) => state !== 'resolved')
  const resolved = data.items.filter(({ state }) => state === 'resolved')
  return (
    <section aria-labelledby="findings" className={classes['section']}>
      <h2 id="findings" className={classes['heading']}>
        {texts.inboxTitle}
      </h2>
      {open.length === 0 && <p className="muted">{texts.fleetQuiet}</p>}
      {open.length > 0 && (
        <ul className={`card ${rows['list']}`}>
          {open.map((finding) => (
            <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
          ))}
        </ul>
      )}
      {resolved.length > 0 && (
        <details className={classes['resolved']}>
          <summary>{texts.findingsResolved(resolved.length)}</summary>
          <ul className={`card ${rows['list']}`}>
            {resolved.map((finding) => (
              <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}
