import type { CaptureMatch } from '../../../api/index.ts'

/** The function that changed most, and what to say of the others. */
export interface ComparedFunction {
  readonly what: string
  readonly hasGrown: boolean
  readonly before: string
  readonly after: string
  readonly rest: string
}

/** The texts of the page that compares two profiles. */
export const enCompare = {
  compareTitle: 'Compare',
  compareBefore: 'Before',
  compareAfter: 'After',
  compareSwap: 'Swap before and after',
  compareMissing:
    'Choose two profiles to compare: select two in a list, or open one and compare it.',
  compareSame: 'Both are the same profile.',
  compareFailed: 'These two profiles cannot be compared.',
  compareNotLoaded: 'The two profiles could not be loaded.',
  comparePer: 'Values',
  comparePers: { second: 'per second', profile: 'as measured', request: 'per request' },
  compareRates: (before: string, after: string, metric: string) =>
    `Requests ${before}/s → ${after}/s (${metric})`,
  /** A value divided by the number of requests. */
  perRequest: (value: string) => `${value}/request`,
  compareKindOf: 'Profiles to compare',
  compareUnlike: 'The two captures have no profile of the same kind.',
  compareSides: {
    all: 'All three',
    both: 'Difference',
    before: 'Before',
    after: 'After',
  },
  compareShown: 'Flame graphs',
  compareHint: 'Point at a frame to see how it changed; a click zooms all pictures.',
  compareOpenBefore: 'open in before',
  compareOpenAfter: 'open in after',
  compareNothing: 'Nothing changed beyond sampling noise.',
  compareSentence: ({ what, hasGrown, before, after, rest }: ComparedFunction) =>
    `${what} ${hasGrown ? 'grew' : 'shrank'} from ${before} to ${after}; ${rest}.`,
  compareRest: (count: number) =>
    count === 0
      ? 'everything else is within noise'
      : `${count} other ${count === 1 ? 'function' : 'functions'} changed beyond noise`,
  compareTotal: (before: string, after: string) => `Total ${before} → ${after}`,
  compareFindings: 'Findings',
  compareFindingIn: { new: 'new', gone: 'gone', stays: 'in both' },
  compareNoFindings: 'Neither has a finding.',
  compareFunctionsNone: 'No function changed.',
  compareFunctions: 'Changed functions',
  compareChange: 'change',
  compareKind: 'Kind',
  compareStatus: {
    grew: 'grew',
    shrank: 'shrank',
    new: 'new',
    gone: 'gone',
    same: 'same',
    noise: 'within noise',
  },
  compareNoiseShown: (count: number) => `Also the ${count} changes within noise`,
  compareLegend:
    'Width of the difference: both together. Orange grew, blue shrank, grey is the same or within noise; striped is new, outlined is gone.',
  /** `name` is the time when the other was taken, of another process with its name. */
  compareNearest: (side: 'before' | 'after', match: CaptureMatch, name: string) =>
    match === 'other' ? `Compare with ${name}` : `Compare with the one ${side} (${name})`,
  compareMatches: {
    process: 'It is of the same process.',
    instance: 'It is of the same instance, which may have been started again in between.',
    component: 'It is of the same component; neither says of which instance.',
    other: 'It is of the same component, but not of this instance, of which there is no other.',
  },
  compareSelect: (name: string) => `Select ${name} to compare`,
  compareSelected: (count: number) => (count === 1 ? '1 selected' : `${count} selected`),
  compareStart: 'Compare the two',
  compareClear: 'Clear the selection',
}
