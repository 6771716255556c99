export * from './types.ts'
export { ProfileFormatError } from './profile-format-error.ts'
