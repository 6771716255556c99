import { addLabelFrames, type Profile, type ReportSettings } from '../../../profile/index.ts'

/** The profile with the frames that `-tagroot` and `-tagleaf` make from labels. */
export function labelProfile(
  profile: Profile,
  { tagRoot, tagLeaf, unit }: Pick<ReportSettings, 'tagRoot' | 'tagLeaf' | 'unit'>,
): Profile {
  return addLabelFrames(profile, { rootKeys: keysOf(tagRoot), leafKeys: keysOf(tagLeaf), unit })
}

function keysOf(text: string): string[] {
  return text.split(',').filter((key) => key !== '')
}
