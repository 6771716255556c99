import { createTheme, type MantineColorsTuple } from '@mantine/core'

const blue: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5fc',
  '#b6c9f7',
  '#8eabf3',
  '#6b91ef',
  '#4a78ea',
  '#2f5fe0',
  '#2450c4',
  '#1b41a4',
  '#143485',
]

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d3d8df',
  '#b4bbc6',
  '#8b94a3',
  '#677182',
  '#4c5565',
  '#323945',
  '#1c212a',
]

const dark: MantineColorsTuple = [
  '#d6dae2',
  '#aab1be',
  '#8891a1',
  '#5c6575',
  '#3b4352',
  '#2b323e',
  '#1f252f',
  '#181d25',
  '#12161d',
  '#0d1015',
]

/** Within the landmark of the page, so that readers of landmarks come by it. */
const IN_CONTENT = { target: '#content' }

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 6 },
  colors: { blue, gray, dark },
  fontFamily:
    'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontWeight: '600' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    Menu: {
      defaultProps: {
        // An element that is no item, which a menu may not have.
        withInitialFocusPlaceholder: false,
        portalProps: IN_CONTENT,
      },
    },
    Tooltip: { defaultProps: { portalProps: IN_CONTENT } },
    // The page has one banner, its own.
    Modal: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
  },
})
