import { useSearch } from '@tanstack/react-router'
import { ComparedPair } from '../compare/ComparedPair.tsx'
import { type ComparedSide, type PairChoice, usePair } from '../compare/use-pair.ts'
import { comparedRates } from '../compare/use-request-rates.ts'
import { useLocalFiles } from '../local-profiles/local-profiles.ts'
import { useTexts } from '../texts/texts-context.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { LocalGone } from './LocalGone.tsx'

/** What changed between two profiles, or captures, that only this browser has. */
export function LocalComparePage() {
  const texts = useTexts()
  usePageTitle(texts.compareTitle)
  const { a = '', b = '', of = '', kind = '' } = useSearch({ from: '/local/compare' })
  return <LocalPair {...{ a, b, isCaptures: of === 'captures', isLocal: true, kind }} />
}

function LocalPair(choice: PairChoice) {
  const pair = usePair(choice)
  const { before, after, isUnlike } = pair
  const { captures } = useLocalFiles()
  const served = ({ profile }: ComparedSide) =>
    profile?.type === 'cpu'
      ? captures.find(({ summary }) => summary.id === profile.captureId)?.requests
      : null
  const isGone = before.profile === undefined || after.profile === undefined
  if (isGone && !isUnlike) return <LocalGone />
  return (
    <ComparedPair
      choice={choice}
      pair={pair}
      rates={comparedRates(served(before), served(after))}
    />
  )
}
