import type { Level } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './LevelMark.module.css'

const GLYPHS = { critical: '▲', warning: '◆', info: '●' } as const satisfies Record<Level, string>

/** The level of a finding, as glyph and word, so that it does not depend on seeing colours. */
export function LevelMark(props: { readonly level: Level }) {
  const texts = useTexts()
  return (
    <span className={classes['mark']} data-level={props.level}>
      <span aria-hidden="true">{GLYPHS[props.level]}</span> {levelText(props.level, texts)}
    </span>
  )
}

export function levelText(level: Level, texts: Texts): string {
  if (level === 'critical') return texts.levelCritical
  return level === 'warning' ? texts.levelWarning : texts.levelInfo
}
