import { Skeleton } from '@mantine/core'
import { formatShare, formatValue, packageOfName, type TopRow } from '../../profile/index.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './TagsView.module.css'
import { useWorkerAnswer } from './use-view-client.ts'
import { ViewNotice } from './ViewNotice.tsx'
import type { ViewProps } from './view-props.ts'

/** The flat values of each Go package, largest first. */
export function PackagesView({ client, query, state, update }: ViewProps) {
  const { data, error } = useWorkerAnswer(client, ['top', query], () => client.top(query))
  if (error !== null || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  return (
    <ul className={classes['values']}>
      {flatByPackage(data.rows).map(({ name, flat, share }) => (
        <li key={name} className={classes['value']}>
          <span className={`numbers ${classes['amount']}`}>{formatShare(share)}</span>
          <span className={`numbers muted ${classes['amount']}`}>
            {formatValue(flat, data.totals.unit)}
          </span>
          <span className="mono">
            <UntrustedText text={name} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function flatByPackage(rows: readonly TopRow[]) {
  const sums = new Map<string, { flat: number; share: number }>()
  for (const { name, flat, flatShare } of rows) {
    const key = packageOfName(name)
    const sum = sums.get(key) ?? { flat: 0, share: 0 }
    sums.set(key, { flat: sum.flat + flat, share: sum.share + flatShare })
  }
  return [...sums]
    .map(([name, sum]) => ({ name, ...sum }))
    .filter(({ flat }) => flat !== 0)
    .sort((a, b) => Math.abs(b.flat) - Math.abs(a.flat) || (a.name < b.name ? -1 : 1))
}
