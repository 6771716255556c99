/** The tables of what is normal for processes, as migrations/0012-baselines.ts makes them. */
export interface BaselineSchema {
  readonly baselineCapture: BaselineCaptureTable
  readonly baselineHour: BaselineHourTable
}

/** What one capture or lone profile measured. */
export interface BaselineCaptureTable {
  /** Of the capture or the profile. */
  readonly id: string
  readonly subjectId: string
  readonly atMs: number
  /** Of Kubernetes. */
  readonly version: string | null
  /** As `packLevels` writes them; null once they are part of their hour. */
  readonly levels: string | null
}

/** What the captures of an hour measured together. */
export interface BaselineHourTable {
  readonly subjectId: string
  readonly hourMs: number
  /** Of Kubernetes, of the last capture. */
  readonly version: string | null
  readonly levels: string
}
