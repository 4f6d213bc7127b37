import { nextTick } from 'vue'

/**
 * Does what may take away that which has the focus: then its line of a list has it, or where that is gone, the line in its
 * place, the one before or what else stands beside it.
 * @param line selector of such lines
 * @param part selector of that in a line which is to have it
 */
export async function keepingFocus(line: string, part: string, act: () => void): Promise<void> {
  const own = document.activeElement?.closest(line) ?? null
  const beside = own && besideOf(own, line, part)
  act()
  await nextTick()
  if (own === null || document.activeElement !== document.body) return
  const next = own.isConnected ? focusableIn(own, part) : beside
  next?.focus()
}

/** What is to have the focus beside an element, or else beside what it stands in: in another line, if there is one. */
function besideOf(element: Element, line: string, part: string): HTMLElement | null {
  const { nextElementSibling, previousElementSibling, parentElement } = element
  const siblings = [nextElementSibling, previousElementSibling].filter(one => one !== null)
  for (const one of siblings.toSorted((a, b) => +b.matches(line) - +a.matches(line))) {
    const found = focusableIn(one, part)
    if (found) return found
  }
  return parentElement && besideOf(parentElement, line, part)
}

function focusableIn(element: Element, part: string): HTMLElement | null {
  const any = 'button:not(:disabled), input, textarea'
  return element.querySelector<HTMLElement>(part) ?? element.querySelector<HTMLElement>(any)
}
