import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import { MoonIcon, SunIcon } from '../ui/icons.tsx'

/**
 * Light or dark. Follows the system until one is chosen; choosing the system's scheme follows the
 * system again.
 */
export function ThemeToggle() {
  const texts = useTexts()
  const { setColorScheme } = useMantineColorScheme()
  const shown = useComputedColorScheme('light')
  const other = shown === 'dark' ? 'light' : 'dark'
  const choose = () => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    setColorScheme(other === system ? 'auto' : other)
  }
  const label = other === 'dark' ? texts.themeDark : texts.themeLight
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${texts.theme}: ${label}`}
        onClick={choose}
      >
        {other === 'dark' ? <MoonIcon /> : <SunIcon />}
      </ActionIcon>
    </Tooltip>
  )
}
