import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { DiffRow, ProfileDiff } from '../../profile/index.ts'
import type { Column, SortOrder } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { functionColumn } from '../tables/function-column.tsx'
import { byAmount, sortRows } from '../data-table/sort-rows.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ComparePage.module.css'
import { formatCompared, formatDifference } from '../format/format-change.ts'

/** Every function that changed, largest change first; those within noise on request. */
export function ChangeTable({ diff }: { readonly diff: ProfileDiff }) {
  const texts = useTexts()
  const [order, setOrder] = useState<SortOrder>({ column: 'cum', isReversed: false })
  const [hasNoise, setHasNoise] = useState(false)
  const columns = useMemo(() => columnsOf(diff, texts), [diff, texts])
  const noiseCount = diff.rows.filter(isNoise).length
  const rows = useMemo(
    () => sortRows(hasNoise ? diff.rows : diff.rows.filter((row) => !isNoise(row)), columns, order),
    [diff, hasNoise, columns, order],
  )
  return (
    <>
      <h2 className={classes['heading']}>{texts.compareFunctions}</h2>
      {rows.length > 0 && (
        <DataTable
          label={texts.compareFunctions}
          columns={columns}
          rows={rows}
          keyOf={({ name }) => name}
          order={order}
          onSort={setOrder}
          heightMax="50vh"
        />
      )}
      {diff.rows.length === 0 && <p className="muted">{texts.compareFunctionsNone}</p>}
      {noiseCount > 0 && !hasNoise && (
        <Button size="compact-sm" variant="subtle" onClick={() => setHasNoise(true)}>
          {texts.compareNoiseShown(noiseCount)}
        </Button>
      )}
    </>
  )
}

function isNoise({ cum }: DiffRow): boolean {
  return cum.isNoise === true
}

function columnsOf(diff: ProfileDiff, texts: Texts): readonly Column<DiffRow>[] {
  const format = (value: number) => formatCompared(value, diff, texts)
  const number = { width: 'clamp(70px, 10vw, 130px)', isNumber: true } as const
  return [
    {
      id: 'cum',
      title: `${texts.cum} ${texts.compareChange}`,
      ...number,
      width: 'clamp(100px, 10vw, 130px)',
      cell: (row) => (
        <strong className={classes['change']} data-kind={isNoise(row) ? 'noise' : row.status}>
          {formatDifference(row.cum.difference, format)}
        </strong>
      ),
      compare: byAmount(({ cum }) => cum.difference),
    },
    {
      id: 'flat',
      title: `${texts.flat} ${texts.compareChange}`,
      ...number,
      isWide: true,
      cell: ({ flat }) => formatDifference(flat.difference, format),
      compare: byAmount(({ flat }) => flat.difference),
    },
    {
      id: 'before',
      title: texts.compareBefore,
      ...number,
      isWide: true,
      cell: ({ cum }) => format(cum.before),
      compare: byAmount(({ cum }) => cum.before),
    },
    {
      id: 'after',
      title: texts.compareAfter,
      ...number,
      isWide: true,
      cell: ({ cum }) => format(cum.after),
      compare: byAmount(({ cum }) => cum.after),
    },
    {
      id: 'status',
      title: texts.compareKind,
      width: '92px',
      isWide: true,
      cell: (row) => (
        <span className="muted">{texts.compareStatus[isNoise(row) ? 'noise' : row.status]}</span>
      ),
    },
    functionColumn(texts),
  ]
}
