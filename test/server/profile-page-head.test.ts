import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { profilePageHead } from '../../server/http/profile-page-head.ts'

const directory = mkdtempSync(join(tmpdir(), 'kubeprof-head-'))
mkdirSync(join(directory, '.vite'))
const manifest = {
  'index.html': { file: 'assets/index.js', imports: ['shared'] },
  shared: { file: 'assets/shared.js', css: ['assets/shared.css'] },
  'profile-page/ProfilePage.tsx': {
    file: 'assets/page.js',
    imports: ['index.html', 'shared', 'menu'],
    dynamicImports: ['dialog'],
  },
  menu: {
    file: 'assets/menu.js',
    css: ['assets/menu.css'],
    imports: ['profile-page/ProfilePage.tsx'],
  },
  dialog: { file: 'assets/dialog.js' },
}
writeFileSync(join(directory, '.vite', 'manifest.json'), JSON.stringify(manifest))
afterAll(() => rmSync(directory, { recursive: true }))

test('the page of a profile names its columns and what the frame of the app does not load', () => {
  const head = profilePageHead(directory, '01M8K0DXE70JZ3M1D8C73H7PV0')
  expect(
    [...head.matchAll(/<link rel="(\w+)"[^>]* href="([^"]*)">/g)].map((found) => found.slice(1)),
  ).toEqual([
    ['preload', '/api/v1/profiles/01M8K0DXE70JZ3M1D8C73H7PV0/columns'],
    ['modulepreload', '/assets/page.js'],
    ['modulepreload', '/assets/menu.js'],
    ['preload', '/assets/menu.css'],
  ])
})

test.each(['x', '"><script>alert(1)</script>', '../../../../readyz/aaaaaaaaaa'])(
  'an address that is no profile, %s, names nothing',
  (id) => expect(profilePageHead(directory, id)).toBe(''),
)

test('without a build there is nothing to name', () => {
  expect(profilePageHead(join(directory, 'missing'), '01M8K0DXE70JZ3M1D8C73H7PV0')).toBe('')
})
