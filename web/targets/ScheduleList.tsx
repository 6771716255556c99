import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ScheduleSummary } from '../../api/index.ts'
import { estimateBytes } from '../../api/targets/storage-estimate.ts'
import { formatValue } from '../../profile/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { pauseSchedule, SCHEDULES_KEY, schedulesQuery } from '../requests/target-queries.ts'
import { storageQuery } from '../requests/storage-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import classes from './ScheduleList.module.css'

/** The schedules, which capture targets automatically. */
export function ScheduleList(props: { readonly canOperate: boolean }) {
  const texts = useTexts()
  const { data } = useQuery(schedulesQuery())
  if (data === undefined) return null
  return (
    <section aria-labelledby="schedules">
      <h2 id="schedules" className={classes['heading']}>
        {texts.schedulesTitle}
      </h2>
      {data.items.length === 0 && <p className="muted">{texts.schedulesEmpty}</p>}
      {data.items.length > 0 && (
        <ul className={`card ${classes['list']}`}>
          {data.items.map((schedule) => (
            <ScheduleRow key={schedule.name} schedule={schedule} canOperate={props.canOperate} />
          ))}
        </ul>
      )}
    </section>
  )
}

interface ScheduleRowProps {
  readonly schedule: ScheduleSummary
  readonly canOperate: boolean
}

function ScheduleRow({ schedule, canOperate }: ScheduleRowProps) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const { name, pausedAt, nextRunAt, lastRunAt, error } = schedule
  const change = useMutation({
    mutationFn: () => pauseSchedule(name, pausedAt === null),
    onSettled: () => queryClient.invalidateQueries({ queryKey: SCHEDULES_KEY }),
  })
  const skippedCount = Object.values(schedule.skipped).reduce((sum, count) => sum + count, 0)
  return (
    <li className={classes['row']}>
      <span className={classes['name']}>
        {name} <span className={classes['when']}>{whenText(schedule, texts)}</span>
      </span>
      <span className={classes['facts']}>
        <span>{schedule.targets.join(', ')}</span>
        <span>{texts.scheduleProcesses(schedule.processCount, schedule.failingCount)}</span>
        <span>{schedule.profiles.join(', ')}</span>
        <DailyStorage schedule={schedule} />
        {skippedCount > 0 && <span>{texts.scheduleSkipped(skippedCount)}</span>}
      </span>
      <span className={classes['facts']}>
        <span>
          {texts.lastCapture}{' '}
          {lastRunAt === null ? texts.never : <TimeAgo time={lastRunAt} key={lastRunAt} />}
        </span>
        {pausedAt !== null && <span>{texts.paused}</span>}
        {pausedAt === null && nextRunAt !== null && (
          <span>
            {texts.nextRun} <TimeAgo time={nextRunAt} key={nextRunAt} />
          </span>
        )}
      </span>
      {canOperate && (
        <Button
          size="compact-xs"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          {pausedAt === null ? texts.targetPause : texts.targetResume}
        </Button>
      )}
      {error !== null && (
        <p className={classes['error']}>
          <ServerMessage error={error} />
        </p>
      )}
    </li>
  )
}

/** What it stores a day, by the sizes of the profiles that are stored. */
function DailyStorage({ schedule }: { readonly schedule: ScheduleSummary }) {
  const texts = useTexts()
  const { data } = useQuery(storageQuery())
  const { profiles, capturesPerDay, processCount, pausedAt } = schedule
  if (data === undefined || processCount === 0 || pausedAt !== null) return null
  const bytes = capturesPerDay * processCount * estimateBytes(profiles, data.items)
  return <span className="numbers">{texts.scheduleStorage(formatValue(bytes, 'bytes'))}</span>
}

function whenText({ every, cron, timezone }: ScheduleSummary, texts: Texts): string {
  if (every !== null) return texts.scheduleEvery(every)
  return [cron, timezone].filter((part) => part !== null).join(' ')
}
