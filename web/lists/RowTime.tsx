import { TimeAgo } from '../format/TimeAgo.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { type RowOrder, type RowTimes, shownTimes } from './row-times.ts'

interface RowTimeProps {
  readonly times: RowTimes
  readonly order: RowOrder
}

/** The time of a row, in the order of its list. Of two times each is named. */
export function RowTime({ times, order }: RowTimeProps) {
  const texts = useTexts()
  const { time, takenAt, cameAt } = shownTimes(times, order)
  return (
    <>
      {takenAt !== null && (
        <span>
          {texts.rowTaken} <TimeAgo time={takenAt} key={takenAt} />
        </span>
      )}
      {cameAt !== null && (
        <span>
          {texts.rowCame} <TimeAgo time={cameAt} key={cameAt} />
        </span>
      )}
      <span>
        {takenAt !== null && `${texts.rowCame} `}
        {cameAt !== null && `${texts.rowTaken} `}
        <TimeAgo time={time} key={time} />
      </span>
    </>
  )
}
