export { checkProfile } from './check-profile.ts'
export { type DecodeOptions, decodeProfile } from './decode-profile.ts'
export { explainBytes } from './explain-bytes.ts'
export {
  type LabelDraft,
  type LocationDraft,
  ProfileBuilder,
  type ProfileHeader,
} from './profile-builder.ts'
export { faultOf, type ProfileFault, ProfileFormatError } from './profile-format-error.ts'
export { type FoldedHeader, profileFromFolded } from './profile-from-folded.ts'
export { DEFAULT_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.ts'
export * from './types.ts'
