import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { recentProfilesQuery } from '../requests/profile-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { SelectionBar } from '../lists/SelectionBar.tsx'
import { useSelection } from '../lists/use-selection.ts'
import { ProfileRow } from '../profiles/ProfileRow.tsx'
import classes from './RecentProfiles.module.css'
import rows from '../lists/Rows.module.css'

const ROWS_MAX = 20

/** The newest profiles with their worst findings. */
export function RecentProfiles() {
  const texts = useTexts()
  const navigate = useNavigate()
  const { selected, toggle, clear } = useSelection()
  const { data, isPending, isError, refetch } = useQuery(recentProfilesQuery(ROWS_MAX))
  return (
    <section aria-labelledby="recent">
      <h2 id="recent" className={classes['heading']}>
        {texts.recentTitle}
      </h2>
      {isPending && <Skeleton height={160} radius="md" />}
      {isError && (
        <div className={`card ${classes['empty']}`}>
          <p>{texts.recentFailed}</p>
          <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
            {texts.retry}
          </Button>
        </div>
      )}
      {data?.items.length === 0 && (
        <p className={`card ${classes['empty']}`}>{texts.recentEmpty}</p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <ul className={`card ${rows['list']}`}>
          {data.items.map((profile) => (
            <ProfileRow
              key={profile.id}
              profile={profile}
              isSelected={selected.includes(profile.id)}
              onToggle={() => toggle(profile.id)}
            />
          ))}
        </ul>
      )}
      {data !== undefined && data.nextCursor !== null && (
        <p className={classes['all']}>
          <Link to="/profiles">{texts.profilesAll}</Link>
        </p>
      )}
      <SelectionBar
        selected={selected}
        onCompare={(a, b) => void navigate({ to: '/compare', search: { a, b } })}
        onClear={clear}
      />
    </section>
  )
}
