import { Skeleton, UnstyledButton } from '@mantine/core'
import { formatShare, formatValue, type PeekItem } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './PeekView.module.css'
import { useWorkerAnswer } from './use-view-client.ts'
import { ViewNotice } from './ViewNotice.tsx'
import type { ViewProps } from './view-props.ts'

/** Who calls the selected function, and what it calls. */
export function PeekView({ client, query, state, update }: ViewProps) {
  const texts = useTexts()
  const funcName = state.selected
  const { data, error } = useWorkerAnswer(
    client,
    ['peek', query, funcName],
    () => client.peek({ query, funcName }),
    funcName !== '',
  )
  if (funcName === '') return <p className={classes['empty']}>{texts.peekEmpty}</p>
  if (error !== null) return <ViewNotice error={error} filters={state.filters} update={update} />
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  if (data.item === null) return <p className={classes['empty']}>{texts.peekUnknown}</p>
  const { item, totals } = data
  const choose = (name: string) => update({ selected: name })
  const shareOf = (value: number) => formatShare(totals.total === 0 ? 0 : value / totals.total)
  return (
    <div className={classes['peek']}>
      <Edges
        title={texts.callers}
        edges={item.callers}
        unit={totals.unit}
        whenEmpty={texts.noCallers}
        onChoose={choose}
      />
      <div className={classes['self']}>
        <p className={`mono ${classes['selfName']}`}>
          <UntrustedText text={item.name} />
        </p>
        <p className="numbers">
          {texts.flat} <strong>{formatValue(item.flat, totals.unit)}</strong> {shareOf(item.flat)}
          {' · '}
          {texts.cum} <strong>{formatValue(item.cum, totals.unit)}</strong> {shareOf(item.cum)}
        </p>
      </div>
      <Edges
        title={texts.callees}
        edges={item.callees}
        unit={totals.unit}
        whenEmpty={texts.noCallees}
        onChoose={choose}
      />
    </div>
  )
}

interface EdgesProps {
  readonly title: string
  readonly edges: PeekItem['callers']
  readonly unit: string
  readonly whenEmpty: string
  readonly onChoose: (name: string) => void
}

function Edges({ title, edges, unit, whenEmpty, onChoose }: EdgesProps) {
  return (
    <section>
      <h3 className={classes['heading']}>{title}</h3>
      {edges.length === 0 && <p className="muted">{whenEmpty}</p>}
      <ul className={classes['edges']}>
        {edges.map(({ name, value, share }) => (
          <li key={name}>
            <UnstyledButton className={classes['edge'] ?? ''} onClick={() => onChoose(name)}>
              <span className={classes['bar']} aria-hidden="true">
                <span style={{ width: `${Math.min(share, 1) * 100}%` }} />
              </span>
              <span className={`numbers ${classes['amount']}`}>{formatShare(share)}</span>
              <span className={`numbers muted ${classes['amount']}`}>
                {formatValue(value, unit)}
              </span>
              <span className={`mono ${classes['name']}`}>
                <UntrustedText text={name} />
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
