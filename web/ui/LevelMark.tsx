import type { Level } from '../../api/index.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from './LevelMark.module.css'

const GLYPHS = { critical: '▲', warning: '◆', info: '●' } as const satisfies Record<Level, string>

/** How grave a finding is, by glyph and word, so that nothing hangs on seeing the colour. */
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
