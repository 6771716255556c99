import { Loader, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TestTargetReply } from '../../api/index.ts'
import { testTarget } from '../requests/target-queries.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { ServerText } from '../untrusted/ServerMessage.tsx'
import classes from './TestTargetDialog.module.css'

interface TestTargetDialogProps {
  readonly target: string
  readonly onClose: () => void
}

/**
 * The result of a target test: whether it can be captured; if not, what is missing and how to grant
 * it.
 */
export function TestTargetDialog({ target, onClose }: TestTargetDialogProps) {
  const texts = useTexts()
  const { data, error, refetch } = useQuery({
    queryKey: ['test', target],
    queryFn: () => testTarget(target),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={texts.targetTestTitle(target)}
      closeButtonProps={{ 'aria-label': texts.close }}
      transitionProps={{ duration: 0 }}
    >
      {error !== null && (
        <RequestFailure title={texts.actionFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data === undefined && error === null && (
        <p className={classes['waiting']}>
          <Loader size="xs" /> {texts.targetTestRunning}
        </p>
      )}
      {data !== undefined && (
        <>
          {data.isFine && <p className={classes['fine']}>{texts.targetFine}</p>}
          <ul className={classes['lines']}>
            {data.lines.map((line, row) => (
              <TestLine key={`${row} ${line.subject}`} line={line} />
            ))}
          </ul>
        </>
      )}
    </Modal>
  )
}

function TestLine({ line }: { readonly line: TestTargetReply['lines'][number] }) {
  return (
    <li className={classes['line']} data-fine={line.isFine}>
      <span aria-hidden="true">{line.isFine ? '✓' : '✗'}</span>
      <div>
        <strong>
          <ServerText text={line.subject} />
        </strong>
        <p>
          <ServerText text={line.text} />
        </p>
        {line.remedy !== null && (
          <div className={classes['remedy']}>
            <pre className="mono">{line.remedy}</pre>
            <CopyButton text={line.remedy} />
          </div>
        )}
      </div>
    </li>
  )
}
