import './viewer.css'
import { make } from './elements.ts'
import { findingList } from './finding-list.ts'
import type { PageData } from './page-data.ts'
import { fillPicture } from './fill-picture.ts'

/** Builds the page from the data that lies in it. Nothing is requested. */
function build(): void {
  followScheme()
  const text = document.querySelector('#data')?.textContent ?? '{}'
  const data: PageData = JSON.parse(text)
  const { title, facts, origin, findings, texts } = data
  const picture = make('section', { class: 'picture' })
  const main = make(
    'main',
    {},
    make('h1', {}, title),
    make('p', { class: 'facts' }, facts.join(' · ')),
    make('p', { class: 'facts' }, `${origin.text} `, linkTo(origin.url)),
    picture,
  )
  document.body.append(main)
  // The colours of the picture are read from the page that it is part of.
  const find = fillPicture(picture, data)
  if (findings.length > 0) picture.before(findingList(findings, texts, find))
}

/** A link to where the page was made; anything else than a web page stays text. */
function linkTo(url: string): Node {
  if (!/^https?:\/\//.test(url)) return document.createTextNode(url)
  return make('a', { href: url, rel: 'noreferrer' }, url)
}

/** The palette of the flame graph reads the scheme from here. */
function followScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    document.documentElement.dataset['mantineColorScheme'] = dark.matches ? 'dark' : 'light'
  }
  dark.addEventListener('change', apply)
  apply()
}

build()
