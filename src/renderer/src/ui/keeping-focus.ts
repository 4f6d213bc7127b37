import { nextTick } from 'vue'

/**
 * What may have the focus where no line is left, from what the line stood in outwards: the tab that is looked at, where that is
 * there, else what takes the deletion back, else what says that it may, such as the heading of the list. A button that makes
 * something is none: a key that is pressed once more would press it.
 */
const takers = ['.dv-active-group .dv-active-tab', '.undo', '[data-takes-focus]']

/**
 * Does what may take away that which has the focus: then its line of a list has it, or where that is gone, the line in its
 * place, the one before or what stands around them.
 * @param line selector of such lines
 * @param part selector of that in a line which is to have it, or of the line itself
 */
export async function keepingFocus(
  line: string,
  part: string,
  act: () => void | Promise<void>
): Promise<void> {
  const own = document.activeElement?.closest(line) ?? null
  const levels = own ? levelsOf(own, line) : []
  await act()
  await nextTick()
  if (own === null || document.activeElement !== document.body) return
  const next = own.isConnected ? focusableIn(own, part) : besideOf(levels, part)
  next?.focus()
}

/** Lines beside an element, and what it stands in. */
interface Level {
  readonly lines: readonly Element[]
  readonly around: Element
}

/** From the element outwards, as it stands before it is taken away. */
function levelsOf(element: Element, line: string): Level[] {
  const { nextElementSibling, previousElementSibling, parentElement } = element
  if (parentElement === null) return []
  const siblings = [nextElementSibling, previousElementSibling].filter(one => one !== null)
  const lines = siblings.filter(one => one.matches(line))
  return [{ lines, around: parentElement }, ...levelsOf(parentElement, line)]
}

function besideOf(levels: readonly Level[], part: string): HTMLElement | null {
  for (const { lines, around } of levels) {
    for (const one of lines) {
      const found = one.isConnected ? focusableIn(one, part) : null
      if (found) return found
    }
    if (!around.isConnected) continue
    for (const taker of takers) {
      const found = around.querySelector<HTMLElement>(taker)
      if (found) return found
    }
  }
  return null
}

function focusableIn(element: Element, part: string): HTMLElement | null {
  if (element.matches(part)) return element as HTMLElement
  const any = 'button:not(:disabled), input, textarea'
  return element.querySelector<HTMLElement>(part) ?? element.querySelector<HTMLElement>(any)
}
