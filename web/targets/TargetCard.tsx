import { ActionIcon, Button, Menu } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FindingSummary, TargetSummary } from '../../api/index.ts'
import { deleteTarget, pauseTarget, TARGETS_KEY } from '../requests/target-queries.ts'
import { MoreIcon } from '../ui/icons.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { CaptureNowDialog } from './CaptureNowDialog.tsx'
import { ProcessRow } from './ProcessRow.tsx'
import classes from './TargetCard.module.css'
import { TestTargetDialog } from './TestTargetDialog.tsx'

interface TargetCardProps {
  readonly target: TargetSummary
  /** Open, the worst first. */
  readonly findings: readonly FindingSummary[]
  readonly canOperate: boolean
}

/** A target with its discovered processes. */
export function TargetCard({ target, findings, canOperate }: TargetCardProps) {
  const texts = useTexts()
  const worst = worstOf(findings)
  const { name, error, note } = target
  return (
    <section className="card" aria-label={name}>
      <header className={classes['header']}>
        <div className={classes['text']}>
          <h2 className={classes['title']}>
            <Link to="/targets/$name" params={{ name }} className={classes['link']}>
              <UntrustedText text={name} />
            </Link>
            <span className={classes['kind']}>{target.kind}</span>
            {target.pausedAt !== null && <span className={classes['paused']}>{texts.paused}</span>}
          </h2>
          <p className={classes['facts']}>
            {target.cluster !== null && (
              <span>
                <UntrustedText text={target.cluster} />
              </span>
            )}
            <span>
              <ServerText text={target.description} />
            </span>
            {target.schedules.length > 0 && <span>{target.schedules.join(', ')}</span>}
          </p>
        </div>
        {canOperate && <TargetActions target={target} />}
      </header>
      {error !== null && (
        <p className={classes['error']} role="alert">
          <ServerMessage error={error} />
        </p>
      )}
      {note !== null && (
        <p className={classes['note']}>
          <ServerText text={note} />
        </p>
      )}
      {target.processes.length === 0 && error === null && target.discoveredAt !== null && (
        <p className={classes['note']}>{texts.targetNoProcess}</p>
      )}
      <ul className={classes['processes']}>
        {target.processes.map((process) => (
          <ProcessRow
            key={process.key}
            process={process}
            worst={worst.get(process.instance) ?? null}
            canCapture={canOperate && target.processes.length > 1}
          />
        ))}
      </ul>
    </section>
  )
}

/** The worst finding of each instance, of findings sorted by level. */
function worstOf(findings: readonly FindingSummary[]): ReadonlyMap<string | null, FindingSummary> {
  const worst = new Map<string | null, FindingSummary>()
  for (const finding of findings) {
    if (!worst.has(finding.instance)) worst.set(finding.instance, finding)
  }
  return worst
}

function TargetActions(props: { readonly target: TargetSummary }) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const { name, origin, pausedAt } = props.target
  const [opened, setOpened] = useState<'capture' | 'test' | null>(null)
  const close = () => setOpened(null)
  const change = useMutation({
    mutationFn: (act: () => Promise<void>) => act(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: TARGETS_KEY }),
  })
  return (
    <div className={classes['actions']}>
      <Button size="compact-sm" onClick={() => setOpened('capture')}>
        {texts.captureNow}
      </Button>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={texts.actions}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpened('test')}>{texts.targetTest}</Menu.Item>
          <Menu.Item onClick={() => change.mutate(() => pauseTarget(name, pausedAt === null))}>
            {pausedAt === null ? texts.targetPause : texts.targetResume}
          </Menu.Item>
          {origin === 'web' && (
            <Menu.Item color="red" onClick={() => change.mutate(() => deleteTarget(name))}>
              {texts.targetDeleteSure}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {change.error !== null && <RequestFailure title={texts.actionFailed} error={change.error} />}
      {opened === 'capture' && <CaptureNowDialog target={name} instance={null} onClose={close} />}
      {opened === 'test' && <TestTargetDialog target={name} onClose={close} />}
    </div>
  )
}
