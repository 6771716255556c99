import { Link } from '@tanstack/react-router'
import { isOfNothing } from '../requests/call-server.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Message } from '../ui/Message.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { Pair, PairChoice } from './use-pair.ts'

interface UnknownSidesProps {
  readonly choice: PairChoice
  readonly pair: Pair
}

/** Which of the two there is not. */
export function UnknownSides({ choice: { a, b, isCaptures }, pair }: UnknownSidesProps) {
  const texts = useTexts()
  const sides = [
    { label: texts.compareBefore, id: a, side: pair.before },
    { label: texts.compareAfter, id: b, side: pair.after },
  ].filter(({ side }) => isOfNothing(side.error))
  // A capture may outlive its profile.
  const isOfCapture = isCaptures && sides.some(({ side }) => side.capture === null)
  return (
    <Message title={isOfCapture ? texts.captureUnknownTitle : texts.profileUnknownTitle}>
      {sides.map(({ label, id }) => (
        <p key={label}>
          {label}{' '}
          <span className="mono">
            <UntrustedText text={id} />
          </span>
        </p>
      ))}
      <p className="muted">{isOfCapture ? texts.captureUnknownLead : texts.profileUnknownLead}</p>
      {isCaptures ? (
        <Link to="/captures">{texts.capturesTitle}</Link>
      ) : (
        <Link to="/profiles">{texts.profilesTitle}</Link>
      )}
    </Message>
  )
}
