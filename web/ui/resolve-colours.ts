/** Gives `read` a function that resolves a colour of CSS inside `host`, as a canvas needs it: for the scheme that is shown. */
export function resolveColours<Colours>(
  host: HTMLElement,
  read: (resolve: (value: string) => string) => Colours,
): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  host.append(probe)
  const colours = read((value) => {
    probe.style.color = value
    return getComputedStyle(probe).color
  })
  probe.remove()
  return colours
}
