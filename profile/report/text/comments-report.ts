import type { Report } from '../open-report.ts'

/** `-comments`: what people and tools wrote into the profile, a line each. */
export function commentsReport({ profile }: Report): string {
  return profile.comments.map((comment) => `${comment}\n`).join('')
}
