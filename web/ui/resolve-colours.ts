/**
 * Gives `read` a function that resolves a colour of CSS inside `host`, as a canvas needs it: for the scheme that is shown
 * where `scheme` names none. It is called twice, first to learn the colours: resolved together they need one
 * calculation of styles.
 */
export function resolveColours<Colours>(
  host: HTMLElement,
  scheme: 'light' | undefined,
  read: (resolve: (value: string) => string) => Colours,
): Colours {
  const probes = new Map<string, HTMLElement>()
  read((value) => {
    const probe = document.createElement('span')
    probe.hidden = true
    if (scheme !== undefined) probe.style.colorScheme = scheme
    probe.style.color = value
    // With colours forced, every one would be that of the text, and a picture one black box.
    probe.style.setProperty('forced-color-adjust', 'none')
    probes.set(value, probe)
    return ''
  })
  host.append(...probes.values())
  const resolved = new Map(
    [...probes].map(([value, probe]) => [value, getComputedStyle(probe).color]),
  )
  for (const probe of probes.values()) probe.remove()
  return read((value) => resolved.get(value) ?? '')
}
