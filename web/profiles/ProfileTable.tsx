import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import { deleteProfile } from '../requests/list-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ChooseBar } from '../ui/ChooseBar.tsx'
import { ConfirmButton } from '../ui/ConfirmButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../ui/Rows.module.css'
import { ProfileRow } from './ProfileRow.tsx'

/** Profiles as rows that can be chosen: two to compare, any number to delete. */
export function ProfileTable({ profiles }: { readonly profiles: readonly ProfileSummary[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const ids = profiles.map(({ id }) => id)
  const shown = ids.filter((id) => chosen.includes(id))
  return (
    <div>
      <ChooseBar ids={ids} chosen={shown} onChoose={setChosen}>
        <ChosenActions chosen={shown} onDone={() => setChosen([])} />
      </ChooseBar>
      <ul className={`card ${rows['list']}`}>
        {profiles.map((profile) => (
          <ProfileRow
            key={profile.id}
            profile={profile}
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
  /** Newest first. */
  readonly chosen: readonly string[]
  readonly onDone: () => void
}

function ChosenActions({ chosen, onDone }: ChosenActionsProps) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const queryClient = useQueryClient()
  const deletion = useMutation({
    mutationFn: async () => {
      for (const id of chosen) await deleteProfile(id)
    },
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['profiles'] }),
  })
  const [after, before] = chosen
  return (
    <>
      {chosen.length === 2 && before !== undefined && after !== undefined && (
        <Link to="/compare" search={{ a: before, b: after }}>
          {texts.chosenCompare}
        </Link>
      )}
      {canOperate && (
        <ConfirmButton
          text={texts.captureDelete}
          confirmText={texts.chosenDeleteSure(chosen.length)}
          isPending={deletion.isPending}
          onConfirm={() => deletion.mutate()}
        />
      )}
      {deletion.error !== null && (
        <RequestFailure title={texts.actionFailed} error={deletion.error} />
      )}
    </>
  )
}
