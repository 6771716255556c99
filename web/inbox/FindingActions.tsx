import { Button, Menu, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FindingSummary } from '../../api/index.ts'
import {
  acknowledgeFinding,
  FINDINGS_KEY,
  muteFinding,
  reopenFinding,
} from '../requests/finding-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './FindingActions.module.css'

const HOUR_MS = 3_600_000
const MUTES = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS, month: 720 * HOUR_MS }
const MUTE_NAMES = ['hour', 'day', 'week', 'month'] as const

/** What an operator may do with a finding that is not resolved. */
export function FindingActions({ finding: { id, state } }: { readonly finding: FindingSummary }) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const change = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: FINDINGS_KEY }),
  })
  if (state === 'resolved') return null
  if (state !== 'open') {
    return (
      <>
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate(() => reopenFinding(id))}
        >
          {texts.findingReopen}
        </Button>
        {change.error !== null && (
          <RequestFailure title={texts.actionFailed} error={change.error} />
        )}
      </>
    )
  }
  return (
    <div className={classes['buttons']}>
      <Button size="compact-sm" variant="default" onClick={() => setIsAsking(true)}>
        {texts.findingAcknowledge}
      </Button>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" loading={change.isPending}>
            {texts.findingMute}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {MUTE_NAMES.map((name) => (
            <Menu.Item
              key={name}
              onClick={() => change.mutate(() => muteFinding(id, timeIn(MUTES[name])))}
            >
              {texts.findingMuteFor[name]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {change.error !== null && <RequestFailure title={texts.actionFailed} error={change.error} />}
      {isAsking && <AcknowledgeDialog id={id} onClose={() => setIsAsking(false)} />}
    </div>
  )
}

function timeIn(durationMs: number): string {
  return new Date(Date.now() + durationMs).toISOString()
}

interface AcknowledgeDialogProps {
  readonly id: string
  readonly onClose: () => void
}

function AcknowledgeDialog({ id, onClose }: AcknowledgeDialogProps) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [note, setNote] = useState('')
  const acknowledging = useMutation({
    mutationFn: () => acknowledgeFinding(id, note.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: FINDINGS_KEY })
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.findingAcknowledgeTitle}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          acknowledging.mutate()
        }}
      >
        <p className="muted">{texts.findingAcknowledgeLead}</p>
        <Textarea
          label={texts.findingNote}
          placeholder={texts.findingNoteHint}
          value={note}
          maxLength={1000}
          rows={3}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {acknowledging.error !== null && (
          <RequestFailure title={texts.actionFailed} error={acknowledging.error} />
        )}
        <Button type="submit" loading={acknowledging.isPending}>
          {texts.findingAcknowledge}
        </Button>
      </form>
    </Modal>
  )
}
