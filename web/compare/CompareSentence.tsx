import { type ProfileDiff, SUBSYSTEMS } from '../../profile/index.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import type { SubsystemChange } from '../view-worker/view-messages.ts'
import classes from './ComparePage.module.css'
import { formatCompared } from '../format/format-change.ts'

interface CompareSentenceProps {
  readonly diff: ProfileDiff
  readonly subsystems: readonly SubsystemChange[]
}

const TITLES = new Map(SUBSYSTEMS.map(({ id, title }) => [id, title]))

/** What changed most, and how much of the rest did, in one sentence; then the total and what to know. */
export function CompareSentence({ diff, subsystems }: CompareSentenceProps) {
  const { texts, language } = useLanguage()
  const format = (value: number) => formatCompared(value, diff, texts.cores)
  const real = diff.rows.filter(({ flat }) => flat.isNoise !== true && flat.difference !== 0)
  const heaviest = real.toSorted(
    (a, b) => Math.abs(b.flat.difference) - Math.abs(a.flat.difference),
  )[0]
  const [subsystem] = subsystems
  const isWhole = subsystem !== undefined && real.length > 1
  const what = isWhole
    ? (TITLES.get(subsystem.id)?.[language] ?? subsystem.id)
    : shortFuncName(heaviest?.name ?? '')
  const change = isWhole ? subsystem : heaviest?.flat
  const rest = texts.compareRest(isWhole ? real.length : 0)
  return (
    <>
      <p className={classes['sentence']}>
        {change === undefined || heaviest === undefined ? (
          texts.compareNothing
        ) : (
          <UntrustedText
            text={texts.compareSentence(
              isWhole ? capitalised(what) : what,
              format(change.before),
              format(change.after),
              rest,
            )}
          />
        )}
      </p>
      <p className="muted numbers">
        {texts.compareTotal(format(diff.total.before), format(diff.total.after))}
        {diff.total.isNoise === true && ` (${texts.compareStatus.noise})`}
        {diff.notes.map(({ code, text }) => (
          <span key={code}> {text}</span>
        ))}
      </p>
    </>
  )
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
