import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useLanguage } from '../texts/texts-context.ts'
import classes from './ExampleList.module.css'
import { type Example, EXAMPLES, exampleUrl } from './examples.ts'
import type { Uploads } from '../uploads/use-uploads.ts'

/** Real captures to try. A click uploads one as if it had been dropped. */
export function ExampleList(props: { readonly uploads: Uploads }) {
  const { texts, language } = useLanguage()
  const [opening, setOpening] = useState<string | null>(null)
  const open = async (example: Example) => {
    setOpening(example.id)
    try {
      const files = await Promise.all(example.files.map((file) => fetchFile(example, file)))
      await props.uploads.send(files, true)
    } finally {
      setOpening(null)
    }
  }
  return (
    <section aria-labelledby="examples">
      <h2 id="examples" className={classes['heading']}>
        {texts.examplesTitle}
      </h2>
      <p className={classes['lead']}>{texts.examplesLead}</p>
      <ul className={`card ${classes['list']}`}>
        {EXAMPLES.map((example) => (
          <li key={example.id}>
            <UnstyledButton
              className={classes['item'] ?? ''}
              disabled={opening !== null}
              data-opening={opening === example.id}
              onClick={() => void open(example)}
            >
              <span className={classes['title']}>{example.title[language]}</span>
              <span className={classes['component']}>{example.component}</span>
              <span className={classes['text']}>{example.text[language]}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function fetchFile(example: Example, file: string) {
  const response = await fetch(exampleUrl(example, file))
  return { name: `${example.id}-${file}`, blob: await response.blob() }
}
