import { Link, useSearch } from '@tanstack/react-router'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ComparedPair } from './ComparedPair.tsx'
import { isOfNothing } from '../requests/call-server.ts'
import { type PairChoice, usePair } from './use-pair.ts'
import { UnknownSides } from './UnknownSides.tsx'
import { useCapturedRange, useRequestRates } from './use-request-rates.ts'

/** What changed from one profile, or capture, to another. */
export function ComparePage() {
  const texts = useTexts()
  const { a = '', b = '', of = '', kind = '' } = useSearch({ from: '/compare' })
  usePageTitle(texts.compareTitle)
  if (a !== '' && b !== '') {
    return <StoredPair {...{ a, b, isCaptures: of === 'captures', isLocal: false, kind }} />
  }
  return (
    <Message title={texts.compareTitle}>
      <p className="muted">{texts.compareMissing}</p>
      <Link to="/">{texts.backToStart}</Link>
    </Message>
  )
}

function StoredPair(choice: PairChoice) {
  const pair = usePair(choice)
  const rates = useRequestRates(useCapturedRange(pair.before), useCapturedRange(pair.after))
  if (isOfNothing(pair.before.error) || isOfNothing(pair.after.error)) {
    return <UnknownSides choice={choice} pair={pair} />
  }
  return <ComparedPair choice={choice} pair={pair} rates={rates} />
}
