import { Button, Skeleton } from '@mantine/core'
import { formatShare, formatValue } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { FilterKey } from '../view-state/view-state.ts'
import classes from './TagsView.module.css'
import { useWorkerAnswer } from './use-view-client.ts'
import { ViewNotice } from './ViewNotice.tsx'
import type { ViewProps } from './view-props.ts'

const VALUES_MAX = 50

/** The tags of the samples with the amount for each value, and buttons to filter by a value. */
export function TagsView({ client, query, state, update }: ViewProps) {
  const texts = useTexts()
  const { data, error } = useWorkerAnswer(client, ['tags', query], () => client.tags(query))
  if (error !== null || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  if (data.tags.length === 0) return <p className={classes['empty']}>{texts.tagsEmpty}</p>
  const filter = (key: FilterKey, tag: string, value: string) =>
    update({ filters: { ...state.filters, [key]: `${tag}=^${escapePattern(value)}$` } })
  return (
    <div className={classes['tags']}>
      {data.tags.map((tag) => (
        <section key={tag.key}>
          <h3 className={classes['heading']}>
            <UntrustedText text={tag.key} />
          </h3>
          <ul className={classes['values']}>
            {tag.values.slice(0, VALUES_MAX).map(({ value, unit, total, share }) => (
              <li key={`${value} ${unit ?? ''}`} className={classes['value']}>
                <span className={`numbers ${classes['amount']}`}>{formatShare(share)}</span>
                <span className={`numbers muted ${classes['amount']}`}>
                  {formatValue(total, data.totals.unit)}
                </span>
                <span className="mono">
                  <UntrustedText text={unit === null ? value : formatValue(Number(value), unit)} />
                </span>
                {unit === null && (
                  <span className={classes['actions']}>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      onClick={() => filter('tf', tag.key, value)}
                    >
                      {texts.tagOnly}
                    </Button>
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="gray"
                      onClick={() => filter('ti', tag.key, value)}
                    >
                      {texts.tagNot}
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
