import type { ReactNode } from 'react'
import type { ProfileSummary } from '../../api/index.ts'
import { formatTime } from '../format/format-time.ts'
import {
  formatCount,
  formatDurationNs,
  formatSizeBytes,
  formatValue,
} from '../format/format-value.ts'
import { formatVersion } from '../format/format-version.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ProfileHeader.module.css'

interface ProfileHeaderProps {
  readonly profile: ProfileSummary
  /** What can be done with it. */
  readonly children?: ReactNode
}

/** Which process, which kind of profile, when and how much. */
export function ProfileHeader(props: ProfileHeaderProps) {
  const texts = useTexts()
  const { profile } = props
  return (
    <header className={classes['header']}>
      <div className={classes['text']}>
        <h1 className={classes['title']}>
          <UntrustedText text={titleOf(profile, texts)} />
          {profile.type !== null && (
            <span className={classes['type']}>{texts.profileOf(profile.type)}</span>
          )}
        </h1>
        <ul className={`numbers ${classes['facts']}`}>
          {factsOf(profile, texts).map((fact) => (
            <li key={fact}>
              <UntrustedText text={fact} />
            </li>
          ))}
        </ul>
      </div>
      <div className={classes['actions']}>{props.children}</div>
    </header>
  )
}

function titleOf(profile: ProfileSummary, texts: Texts): string {
  const parts = [profile.target, profile.component].filter((part) => part !== null)
  if (parts.length > 0) return [...new Set(parts)].join(' · ')
  return profile.fileName ?? texts.unknownComponent
}

function factsOf(profile: ProfileSummary, texts: Texts): readonly string[] {
  const facts: (string | null)[] = [
    profile.kubernetesVersion === null
      ? null
      : formatVersion('Kubernetes', profile.kubernetesVersion),
    profile.goVersion === null ? null : formatVersion('Go', profile.goVersion),
    profile.durationSeconds === null ? null : formatDurationNs(profile.durationSeconds * 1e9),
    totalOf(profile),
    profile.sampleCount === null ? null : texts.samples(formatCount(profile.sampleCount)),
    profile.instance,
    profile.cluster,
    titleOf(profile, texts) === profile.fileName ? null : profile.fileName,
    formatSizeBytes(profile.sizeBytes),
    profile.takenAt === null
      ? texts.receivedAt(formatTime(profile.receivedAt))
      : texts.takenAt(formatTime(profile.takenAt)),
  ]
  return facts.filter((fact) => fact !== null)
}

/** `cpu 336 s`, `goroutine 1,937`. */
function totalOf(profile: ProfileSummary): string | null {
  const chosen = profile.sampleTypes.find(({ type }) => type === profile.defaultSampleType)
  if (chosen === undefined) return null
  return `${chosen.type} ${formatValue(chosen.total, chosen.unit)}`
}
