import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { CaptureSummary, ProfileSummary } from '../../api/index.ts'
import { captureTimeMs } from '../captures/capture-time.ts'
import { CaptureRow } from '../captures/CaptureTable.tsx'
import { inTimeOrder } from '../lists/in-time-order.ts'
import { SelectionBar } from '../lists/SelectionBar.tsx'
import { useSelection } from '../lists/use-selection.ts'
import { ProfileRow } from '../profiles/ProfileRow.tsx'
import { profileTimeMs } from '../profiles/profile-time.ts'
import { recentCapturesQuery } from '../requests/capture-queries.ts'
import { recentProfilesQuery } from '../requests/profile-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './RecentList.module.css'
import rows from '../lists/Rows.module.css'

const ROWS_MAX = 20

/** What came last, with the worst findings: captures, and profiles that are in none. */
export function RecentList() {
  const texts = useTexts()
  const captures = useQuery(recentCapturesQuery(ROWS_MAX))
  const profiles = useQuery(recentProfilesQuery(ROWS_MAX))
  const retry = () => Promise.all([captures.refetch(), profiles.refetch()])
  const failure = captures.error ?? profiles.error
  const isKnown = captures.data !== undefined && profiles.data !== undefined
  const entries = isKnown ? newestOf(captures.data.items, profiles.data.items) : []
  return (
    <section aria-labelledby="recent">
      <h2 id="recent" className={classes['heading']}>
        {texts.recentTitle}
      </h2>
      {(captures.isPending || profiles.isPending) && <Skeleton height={160} radius="md" />}
      {failure !== null && (
        <RequestFailure title={texts.recentFailed} error={failure} onRetry={() => void retry()} />
      )}
      {isKnown && entries.length === 0 && (
        <p className={`card ${classes['empty']}`}>{texts.recentEmpty}</p>
      )}
      {entries.length > 0 && <Entries entries={entries} />}
      {entries.length === ROWS_MAX && (
        <p className={classes['all']}>
          <Link to="/captures">{texts.capturesAll}</Link>
          <Link to="/profiles">{texts.profilesAll}</Link>
        </p>
      )}
    </section>
  )
}

/** When it came, when it was taken, and what it is. */
interface Entry {
  readonly id: string
  readonly cameAtMs: number
  readonly takenAtMs: number
  readonly capture: CaptureSummary | null
  readonly profile: ProfileSummary | null
}

function newestOf(
  captures: readonly CaptureSummary[],
  profiles: readonly ProfileSummary[],
): readonly Entry[] {
  return [
    ...captures.map((capture) => ({
      id: capture.id,
      cameAtMs: Date.parse(capture.createdAt),
      takenAtMs: captureTimeMs(capture),
      capture,
      profile: null,
    })),
    ...profiles.map((profile) => ({
      id: profile.id,
      cameAtMs: Date.parse(profile.receivedAt),
      takenAtMs: profileTimeMs(profile),
      capture: null,
      profile,
    })),
  ]
    .toSorted((a, b) => b.cameAtMs - a.cameAtMs)
    .slice(0, ROWS_MAX)
}

/** Rows of which two of a kind can be chosen to compare; choosing one of the other kind begins anew. */
function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  const navigate = useNavigate()
  const { selected, toggle, clear } = useSelection()
  const chosen = entries.filter(({ id }) => selected.includes(id))
  const choose = (entry: Entry) => {
    if (chosen.some(({ capture }) => (capture === null) !== (entry.capture === null))) clear()
    toggle(entry.id)
  }
  const compare = () => {
    const [before, after] = inTimeOrder(chosen, ({ takenAtMs }) => takenAtMs)
    if (before === undefined || after === undefined) return
    const kind = before.capture === null ? {} : { of: 'captures' }
    void navigate({ to: '/compare', search: { a: before.id, b: after.id, ...kind } })
  }
  return (
    <>
      <ul className={`card ${rows['list']}`}>
        {entries.map((entry) => {
          const isSelected = selected.includes(entry.id)
          return entry.capture === null ? (
            entry.profile !== null && (
              <ProfileRow
                key={entry.id}
                profile={entry.profile}
                order="came"
                isSelected={isSelected}
                onToggle={() => choose(entry)}
              />
            )
          ) : (
            <CaptureRow
              key={entry.id}
              capture={entry.capture}
              order="came"
              isChosen={isSelected}
              onToggle={() => choose(entry)}
            />
          )
        })}
      </ul>
      <SelectionBar selected={selected} onCompare={compare} onClear={clear} />
    </>
  )
}
