import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CaptureSummary } from '../../api/index.ts'
import { deleteCapture, isBeingTaken, pinCapture } from '../requests/capture-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ChooseBar } from '../lists/ChooseBar.tsx'
import { RowTime } from '../lists/RowTime.tsx'
import type { RowOrder } from '../lists/row-times.ts'
import { inTimeOrder } from '../lists/in-time-order.ts'
import { ConfirmButton } from '../ui/ConfirmButton.tsx'
import { SelectableRow } from '../lists/SelectableRow.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { captureTimeMs } from './capture-time.ts'
import { captureKind, captureName, captureTitle } from '../format/capture-title.ts'
import classes from './CaptureTable.module.css'
import { CaptureVerdict } from './CaptureVerdict.tsx'

interface CaptureTableProps {
  readonly captures: readonly CaptureSummary[]
  readonly order: RowOrder
  readonly chosen: readonly string[]
  readonly onChoose: (ids: readonly string[]) => void
}

/** Captures as rows that can be chosen: two to compare, any number to pin or delete. */
export function CaptureTable({ captures, order, chosen, onChoose }: CaptureTableProps) {
  const ids = captures.map(({ id }) => id)
  const shown = chosen.filter((id) => ids.includes(id))
  return (
    <div className={classes['box']}>
      <ChooseBar ids={ids} chosen={shown} onChoose={onChoose}>
        <ChosenActions captures={captures} chosen={shown} onDone={() => onChoose([])} />
      </ChooseBar>
      <ul className={`card ${rows['list']}`}>
        {captures.map((capture) => (
          <CaptureRow
            key={capture.id}
            capture={capture}
            order={order}
            isChosen={shown.includes(capture.id)}
            onToggle={(isChosen) =>
              onChoose(isChosen ? [...shown, capture.id] : shown.filter((id) => id !== capture.id))
            }
          />
        ))}
      </ul>
    </div>
  )
}

interface ChosenActionsProps {
  readonly captures: readonly CaptureSummary[]
  readonly chosen: readonly string[]
  readonly onDone: () => void
}

function ChosenActions({ captures, chosen, onDone }: ChosenActionsProps) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: async (act: (id: string) => Promise<unknown>) => {
      for (const id of chosen) await act(id)
    },
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['captures'] }),
  })
  const picked = captures.filter(({ id }) => chosen.includes(id))
  const [before, after] = inTimeOrder(picked, captureTimeMs)
  const arePinned = picked.every(({ pinnedAt }) => pinnedAt !== null)
  return (
    <>
      {picked.length === 2 && before !== undefined && after !== undefined && (
        <Link to="/compare" search={{ a: before.id, b: after.id, of: 'captures' }}>
          {texts.chosenCompare}
        </Link>
      )}
      {canOperate && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate((id) => pinCapture(id, !arePinned))}
        >
          {arePinned ? texts.chosenUnpin : texts.chosenPin}
        </Button>
      )}
      {canOperate && !picked.some(isBeingTaken) && (
        <ConfirmButton
          size="compact-sm"
          text={texts.captureDelete}
          confirmText={texts.chosenDeleteSure(picked.length)}
          isPending={change.isPending}
          onConfirm={() => change.mutate(deleteCapture)}
        />
      )}
      {change.error !== null && <RequestFailure title={texts.actionFailed} error={change.error} />}
    </>
  )
}

interface CaptureRowProps {
  readonly capture: CaptureSummary
  readonly order: RowOrder
  readonly isChosen: boolean
  readonly onToggle: (isChosen: boolean) => void
}

/** A capture as a row that can be chosen. */
export function CaptureRow({ capture, order, isChosen, onToggle }: CaptureRowProps) {
  const texts = useTexts()
  const { cluster, schedule, origin, kubernetesVersion, pinnedAt, createdAt, startedAt } = capture
  const { zone } = useTimeZone()
  const facts = [captureKind(capture, texts, zone), cluster, kubernetesVersion]
  return (
    <SelectableRow
      label={texts.choose(captureTitle(capture, texts, zone))}
      isSelected={isChosen}
      onToggle={() => onToggle(!isChosen)}
    >
      <Link
        to="/captures/$id"
        params={{ id: capture.id }}
        className={`${rows['row']} ${classes['row']}`}
      >
        <span className={classes['name']}>
          <UntrustedText text={captureName(capture, texts)} />
          <span className={classes['component']}>
            <UntrustedText text={facts.filter((fact) => fact !== null).join(' · ')} />
          </span>
        </span>
        <span className={classes['verdict']}>
          <CaptureVerdict capture={capture} />
        </span>
        <span className={classes['meta']}>
          {pinnedAt !== null && <span>{texts.pinned}</span>}
          <span>{schedule ?? texts.captureOrigin[origin]}</span>
          <RowTime times={{ cameAt: createdAt, takenAt: startedAt }} order={order} />
        </span>
      </Link>
    </SelectableRow>
  )
}
