type Child = Node | string

/** An element with attributes and children; texts become text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

/** A button that does one thing. */
export function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = make('button', { type: 'button' }, text)
  element.addEventListener('click', onClick)
  return element
}
