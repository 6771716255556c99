import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListTargetsReply } from '../../api/index.ts'
import { Link } from '@tanstack/react-router'
import { worstFindingsQuery } from '../requests/finding-queries.ts'
import { listFacetsQuery } from '../requests/list-queries.ts'
import { targetsQuery } from '../requests/target-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import rows from '../lists/Rows.module.css'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { ServerText } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { AddTargetDialog } from './AddTargetDialog.tsx'
import { ScheduleList } from './ScheduleList.tsx'
import { TargetCard } from './TargetCard.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import classes from './TargetsPage.module.css'

const COMMAND = 'kubeprof capture --kubeconfig ~/.kube/config --component kube-apiserver'

/** The targets, with the state and next run of their captures. */
export function TargetsPage() {
  const { texts, language } = useLanguage()
  usePageTitle(texts.targetsTitle)
  const canOperate = useCanOperate()
  const [isAdding, setIsAdding] = useState(false)
  const { data, error, refetch } = useQuery(targetsQuery())
  const { data: open } = useQuery(worstFindingsQuery({ state: ['open'] }, language))
  return (
    <div className={`page ${classes['page']}`}>
      <header className={classes['header']}>
        <div>
          <h1 className="page-title">{texts.targetsTitle}</h1>
          <p className="muted">{texts.targetsLead}</p>
        </div>
        {canOperate && (
          <Button size="compact-md" variant="default" onClick={() => setIsAdding(true)}>
            {texts.targetAdd}
          </Button>
        )}
      </header>
      {data === undefined && error === null && <Skeleton height={180} radius="md" />}
      {data === undefined && error !== null && (
        <RequestFailure title={texts.targetsFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && <FileFaults file={data.file} />}
      {data?.items.length === 0 && <NoTargets />}
      {data?.items.map((target) => (
        <TargetCard
          key={target.name}
          target={target}
          findings={(open?.items ?? []).filter((finding) => finding.target === target.name)}
          canOperate={canOperate}
        />
      ))}
      {data !== undefined && <OtherTargets known={data.items.map(({ name }) => name)} />}
      <ScheduleList canOperate={canOperate} />
      {isAdding && <AddTargetDialog onClose={() => setIsAdding(false)} />}
    </div>
  )
}

function NoTargets() {
  const texts = useTexts()
  return (
    <div className={`card ${classes['empty']}`}>
      <p>
        <strong>{texts.targetsEmptyTitle}</strong>
      </p>
      <p className="muted">{texts.targetsEmptyLead}</p>
      <p className={classes['command']}>
        <span className="muted">{texts.targetsEmptyCommand}</span>
        <span className={classes['copied']}>
          <code className="mono">{COMMAND}</code>
          <CopyButton text={COMMAND} />
        </span>
      </p>
    </div>
  )
}

/** Those that kubeprof does not reach itself: their captures are pushed or uploaded. */
function OtherTargets({ known }: { readonly known: readonly string[] }) {
  const texts = useTexts()
  const { data } = useQuery(listFacetsQuery('captures', {}))
  const others = (data?.values['target'] ?? []).flatMap(({ value, count }) =>
    value === null || known.includes(value) ? [] : [{ name: value, count }],
  )
  if (others.length === 0) return null
  return (
    <section aria-labelledby="others">
      <h2 id="others" className={classes['heading']}>
        {texts.targetsOthers}
      </h2>
      <ul className={`card ${rows['list']}`}>
        {others.map(({ name, count }) => (
          <li key={name}>
            <Link
              to="/targets/$name"
              params={{ name }}
              className={`${rows['row']} ${classes['other']}`}
            >
              <UntrustedText text={name} />
              <span className="muted numbers">{texts.targetCaptures(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function FileFaults(props: { readonly file: ListTargetsReply['file'] }) {
  const texts = useTexts()
  if (props.file === null || props.file.faults.length === 0) return null
  return (
    <div className={`card ${classes['faults']}`} role="alert">
      <strong>
        {props.file.loadedAt === null ? texts.targetFileInvalid : texts.targetFileFaults}
      </strong>
      <ul className="mono">
        {props.file.faults.map((fault) => (
          <li key={fault}>
            <ServerText text={fault} />
          </li>
        ))}
      </ul>
    </div>
  )
}
