import { Skeleton, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { formatCount, formatValue, type Tag } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import type { Totals } from '../view-worker/view-messages.ts'
import { Amount, AMOUNT_WIDTH } from './Amount.tsx'
import type { Column, SortOrder } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { byAmount, byText, sortRows } from '../data-table/sort-rows.ts'
import classes from './TagsView.module.css'

type TagValue = Tag['values'][number]

/** The tags of the samples, those with few values first. */
export function TagsView({ client, query, state, update, onPointed }: ViewProps) {
  const texts = useTexts()
  const { data, error } = useWorkerAnswer(client, ['tags', query], () => client.tags(query))
  const tags = useMemo(
    () => (data?.tags ?? []).toSorted((a, b) => a.values.length - b.values.length),
    [data],
  )
  if ((error !== null && data === undefined) || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  if (tags.length === 0) return <p className={classes['empty']}>{texts.tagsEmpty}</p>
  return (
    <div className={classes['tags']}>
      {tags.map((tag) => (
        <TagSection key={tag.key} tag={tag} totals={data.totals} onPointed={onPointed} />
      ))}
    </div>
  )
}

interface TagSectionProps {
  readonly tag: Tag
  readonly totals: Totals
  readonly onPointed: ViewProps['onPointed']
}

const SEARCHED_MIN = 20

/** All values of one tag. */
function TagSection({ tag, totals, onPointed }: TagSectionProps) {
  const texts = useTexts()
  const actions = useActions()
  const [order, setOrder] = useState<SortOrder>({ column: 'total', isReversed: false })
  const [wanted, setWanted] = useState('')
  const columns = useMemo(() => columnsOf(totals.unit, texts), [texts, totals.unit])
  const rows = useMemo(() => {
    const text = wanted.toLowerCase()
    const kept = tag.values.filter(({ value }) => value.toLowerCase().includes(text))
    return sortRows(kept, columns, order)
  }, [tag, wanted, columns, order])
  const subjectOf = ({ value, unit }: TagValue) =>
    ({ kind: 'tag', key: tag.key, value, unit }) as const
  return (
    <section>
      <div className={classes['head']}>
        <h3 className={classes['heading']}>
          <UntrustedText text={tag.key} />{' '}
          <span className="muted numbers">
            {texts.tagValues(formatCount(tag.values.length), tag.values.length)}
          </span>
        </h3>
        {tag.values.length >= SEARCHED_MIN && (
          <TextInput
            size="xs"
            placeholder={texts.tagFind}
            aria-label={`${texts.tagFind} ${tag.key}`}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </div>
      <DataTable
        label={tag.key}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        order={order}
        onSort={setOrder}
        heightMax="340px"
        onSelect={(row) => actions.act('focus', subjectOf(row))}
        onMenu={(row, point) => actions.openMenu(subjectOf(row), point)}
        onPoint={(row) => onPointed(row === null ? null : subjectOf(row))}
      />
    </section>
  )
}

function keyOf({ value, unit }: TagValue): string {
  return `${value} ${unit ?? ''}`
}

function textOf({ value, unit }: TagValue): string {
  return unit === null ? value : formatValue(Number(value), unit)
}

function columnsOf(unit: string, texts: Texts): readonly Column<TagValue>[] {
  return [
    {
      id: 'total',
      title: texts.cum,
      hint: texts.tagAmountHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ total, share }) => <Amount value={total} share={share} unit={unit} />,
      compare: byAmount(({ total }) => total),
    },
    {
      id: 'value',
      title: texts.tagValue,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <span className="mono" title={visibleText(row.value)}>
          <UntrustedText text={textOf(row)} />
        </span>
      ),
      compare: byText(textOf),
    },
  ]
}
