import type { ProfileSummary } from '../../api/index.ts'
import { formatCount, formatShare } from '../../profile/index.ts'
import type { Texts } from '../texts/en.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import classes from './WorstFinding.module.css'

interface WorstFindingProps {
  readonly finding: ProfileSummary['worstFinding']
  readonly findingCount: number
}

/** The worst finding, in one line. Without one it is muted, not green: lists do not know whether all could be judged. */
export function WorstFinding({ finding, findingCount }: WorstFindingProps) {
  const { texts, language } = useLanguage()
  if (finding === null) return <span className="muted">{texts.noFindingShort}</span>
  const title = language === 'zh' ? (finding.titleZh ?? finding.title) : finding.title
  return (
    <>
      <LevelMark level={finding.level} />
      <span className={classes['finding']}>{title}</span>
      <span className="numbers">{amountOf(finding, texts)}</span>
      {findingCount > 1 && <span className="muted">{texts.moreFindings(findingCount - 1)}</span>}
    </>
  )
}

/** Goroutines are counted, because a few waiting ones can matter; time and memory are shown as their share. */
function amountOf(
  { share, goroutineCount }: NonNullable<ProfileSummary['worstFinding']>,
  texts: Texts,
): string {
  if (goroutineCount !== undefined) return texts.goroutines(formatCount(goroutineCount))
  return share === null || share === 0 ? '' : formatShare(share)
}
