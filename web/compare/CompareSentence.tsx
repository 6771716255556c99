import { formatCount, type ProfileDiff } from '../../profile/index.ts'
import { formatCompared } from '../format/format-change.ts'
import { useTexts } from '../texts/texts-context.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ComparePage.module.css'
import { mainChange } from './main-change.ts'
import { NoteText } from './NoteText.tsx'
import type { KnownRates } from './use-request-rates.ts'

interface CompareSentenceProps {
  readonly diff: ProfileDiff
  readonly rates: KnownRates | null
}

/** What changed most, and how much of the rest did, in one sentence; then the total and what to know. */
export function CompareSentence({ diff, rates }: CompareSentenceProps) {
  const texts = useTexts()
  const format = (value: number) => formatCompared(value, diff, texts)
  const main = mainChange(diff)
  return (
    <>
      <p className={classes['sentence']}>
        {main === null ? (
          texts.compareNothing
        ) : (
          <UntrustedText
            text={texts.compareSentence({
              what: shortFuncName(main.row.name),
              hasGrown: main.row.cum.difference > 0,
              before: format(main.row.cum.before),
              after: format(main.row.cum.after),
              rest: texts.compareRest(main.otherCount),
            })}
          />
        )}
      </p>
      <p className="muted numbers">
        {texts.compareTotal(format(diff.total.before), format(diff.total.after))}
        {diff.total.isNoise === true && ` (${texts.compareStatus.noise})`}
        {rates !== null && (
          <>
            {' · '}
            {texts.compareRates(rateOf(rates.before), rateOf(rates.after), rates.metric)}
          </>
        )}
        {diff.notes.map((note) => (
          <span key={note.code}>
            {' '}
            <NoteText note={note} />
          </span>
        ))}
      </p>
    </>
  )
}

function rateOf(perSecond: number): string {
  return formatCount(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond))
}
