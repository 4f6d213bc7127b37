/** What had the focus before the dialog that is open, or before the one whose place that took. */
let before: HTMLElement | null = null

/** Notes what has the focus as a dialog opens. */
export function noteFocus(): void {
  const { activeElement, body } = document
  if (activeElement?.closest('.dialog')) return
  const own = outOfMenus(activeElement)
  before = own === body ? null : (own as HTMLElement | null)
}

/** Gives the focus to the first field or answer of a dialog that says no other, and not to what closes it. */
export function focusFirst(event: Event): void {
  if (event.defaultPrevented) return
  const content = event.target as HTMLElement
  const any = ':is(button, input, textarea):not(:disabled)'
  const first =
    content.querySelector<HTMLElement>(`form ${any}`) ??
    content.querySelector<HTMLElement>(`:scope > :not(header) ${any}`)
  if (!first) return
  event.preventDefault()
  first.focus()
}

/** Gives the focus back as a dialog closes. */
export function giveFocusBack(event: Event): void {
  if (!before?.isConnected) return
  event.preventDefault()
  before.focus()
}

/** What opens the menu that an element is in, which is gone by the time that the focus is given back. */
function outOfMenus(element: Element | null): Element | null {
  const menu = element?.closest('[role=menu]')
  if (!menu) return element
  return outOfMenus(document.getElementById(menu.getAttribute('aria-labelledby') ?? ''))
}
