import { Button, Chip, Modal, SegmentedControl } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { CaptureKind } from '../../api/index.ts'
import { takeCapture } from '../requests/capture-queries.ts'
import { TARGETS_KEY } from '../requests/target-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './CaptureNowDialog.module.css'

interface CaptureNowDialogProps {
  readonly target: string
  /** One of its processes; `null` for all of them. */
  readonly instance: string | null
  readonly onClose: () => void
}

const SECONDS = [5, 10, 30, 60] as const
const KINDS: readonly CaptureKind[] = [
  'cpu',
  'heap',
  'goroutine',
  'block',
  'mutex',
  'allocs',
  'trace',
]
/** Cheap to take, and they make the other profiles more conclusive. */
const ALWAYS: readonly CaptureKind[] = ['metrics', 'version']
const KINDS_AT_FIRST: readonly string[] = ['cpu', 'heap', 'goroutine', 'block']

/** The dialog to choose the parts of a capture and start it; its page shows the progress. */
export function CaptureNowDialog({ target, instance, onClose }: CaptureNowDialogProps) {
  const texts = useTexts()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [seconds, setSeconds] = useState('10')
  const [kinds, setKinds] = useState([...KINDS_AT_FIRST])
  const start = useMutation({
    mutationFn: () =>
      takeCapture({
        target,
        ...(instance === null ? {} : { instance }),
        seconds: Number(seconds),
        profiles: [...KINDS.filter((kind) => kinds.includes(kind)), ...ALWAYS],
      }),
    onSuccess: async ({ items }) => {
      void queryClient.invalidateQueries({ queryKey: TARGETS_KEY })
      const [only] = items
      await (items.length === 1 && only !== undefined
        ? navigate({ to: '/captures/$id', params: { id: only.id } })
        : navigate({ to: '/captures', search: { target } }))
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.captureNowTitle(instance ?? target)}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <div className={classes['body']}>
        <p className="muted">{texts.captureNowLead}</p>
        <div>
          <p className={classes['label']}>{texts.captureProfiles}</p>
          <Chip.Group multiple value={kinds} onChange={setKinds}>
            <div className={classes['chips']}>
              {KINDS.map((kind) => (
                <Chip key={kind} value={kind} size="xs">
                  {kind}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        </div>
        <div>
          <p className={classes['label']}>{texts.captureSeconds}</p>
          <SegmentedControl
            size="xs"
            value={seconds}
            onChange={setSeconds}
            aria-label={texts.captureSeconds}
            disabled={!kinds.includes('cpu')}
            data={SECONDS.map((count) => ({
              value: String(count),
              label: texts.captureSecondsOf(count),
            }))}
          />
        </div>
        {start.error !== null && <RequestFailure title={texts.actionFailed} error={start.error} />}
        <Button
          loading={start.isPending}
          disabled={kinds.length === 0}
          onClick={() => start.mutate()}
        >
          {texts.captureStart}
        </Button>
      </div>
    </Modal>
  )
}
