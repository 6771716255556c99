import { UnstyledButton } from '@mantine/core'
import { formatShare } from '../../profile/index.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import type { ViewProps } from '../view-parts/view-props.ts'
import classes from './PeekView.module.css'

const FUNCS_MAX = 30

/** A list to choose a function from: those that the search found, else the heaviest. */
export function FuncPicker(props: ViewProps & { readonly lead: string }) {
  const { client, query, found, update, lead } = props
  const { data } = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const rows = (data?.rows ?? [])
    .filter(({ name }) => found?.names.has(name) ?? true)
    .toSorted((a, b) => Math.abs(b.flat) - Math.abs(a.flat))
    .slice(0, FUNCS_MAX)
  return (
    <div>
      <p className={classes['empty']}>{lead}</p>
      <ul className={classes['picker']}>
        {rows.map(({ name, flatShare }) => (
          <li key={name}>
            <UnstyledButton
              className={classes['edge'] ?? ''}
              onClick={() => update({ selected: name })}
            >
              <span className={`numbers ${classes['amount']}`}>{formatShare(flatShare)}</span>
              <span className={`mono ${classes['name']}`}>
                <UntrustedText text={name} />
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  )
}
