import { ReportError } from '../../profile/index.ts'

/** Nothing that was read for a range lies in it: of what counts from the start, the profile before it is read too. */
export class EmptyRangeError extends ReportError {
  constructor() {
    super('there is no profile in the range')
  }
}
