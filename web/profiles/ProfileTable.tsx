import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import { deleteProfile, pinProfile } from '../requests/list-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ChooseBar } from '../lists/ChooseBar.tsx'
import { inTimeOrder } from '../lists/in-time-order.ts'
import type { RowOrder } from '../lists/row-times.ts'
import { ConfirmButton } from '../ui/ConfirmButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { profileTimeMs } from './profile-time.ts'
import { ProfileRow } from './ProfileRow.tsx'

interface ProfileTableProps {
  readonly profiles: readonly ProfileSummary[]
  readonly order: RowOrder
}

/** Profiles as rows that can be chosen: two to compare, any number to delete. */
export function ProfileTable({ profiles, order }: ProfileTableProps) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const ids = profiles.map(({ id }) => id)
  const shown = ids.filter((id) => chosen.includes(id))
  return (
    <div>
      <ChooseBar ids={ids} chosen={shown} onChoose={setChosen}>
        <ChosenActions
          profiles={profiles.filter(({ id }) => shown.includes(id))}
          onDone={() => setChosen([])}
        />
      </ChooseBar>
      <ul className={`card ${rows['list']}`}>
        {profiles.map((profile) => (
          <ProfileRow
            key={profile.id}
            profile={profile}
            order={order}
            isSelected={shown.includes(profile.id)}
            onToggle={() =>
              setChosen(
                shown.includes(profile.id)
                  ? shown.filter((id) => id !== profile.id)
                  : [...shown, profile.id],
              )
            }
          />
        ))}
      </ul>
    </div>
  )
}

interface ChosenActionsProps {
  /** Those chosen. */
  readonly profiles: readonly ProfileSummary[]
  readonly onDone: () => void
}

function ChosenActions({ profiles, onDone }: ChosenActionsProps) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: async (act: (id: string) => Promise<void>) => {
      for (const { id } of profiles) await act(id)
    },
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['profiles'] }),
  })
  const [before, after] = inTimeOrder(profiles, profileTimeMs)
  const arePinned = profiles.every(({ pinnedAt }) => pinnedAt !== null)
  return (
    <>
      {profiles.length === 2 && before !== undefined && after !== undefined && (
        <Link to="/compare" search={{ a: before.id, b: after.id }}>
          {texts.chosenCompare}
        </Link>
      )}
      {canOperate && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate((id) => pinProfile(id, !arePinned))}
        >
          {arePinned ? texts.chosenUnpin : texts.chosenPin}
        </Button>
      )}
      {canOperate && (
        <ConfirmButton
          size="compact-sm"
          text={texts.captureDelete}
          confirmText={texts.chosenDeleteSure(profiles.length)}
          isPending={change.isPending}
          onConfirm={() => change.mutate(deleteProfile)}
        />
      )}
      {change.error !== null && <RequestFailure title={texts.actionFailed} error={change.error} />}
    </>
  )
}
