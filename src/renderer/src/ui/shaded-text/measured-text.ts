import type { TextBox } from '#common/figure/shaded-text.ts'

/** A part of a token that stands in one line, from the corner of the text. */
export interface TokenBox extends Omit<TextBox, 'group'> {
  readonly token: number
}

/** The narrowest box: of a mark that stands over the letter before it. */
const narrowest = 3

/** Where the tokens of a text stand as it flows now, in their order. */
export function measuredText(text: HTMLElement): TokenBox[] {
  const { left, top } = text.getBoundingClientRect()
  const tokens = text.querySelectorAll<HTMLElement>('[data-index]')
  return [...tokens].flatMap((element, token) => {
    const kind = element.classList.contains('special')
      ? 'special'
      : element.querySelector('.sign') !== null && element.childNodes.length === 1
        ? 'sign'
        : 'letters'
    return fragmentsOf(element).map(({ box, text }) => {
      const width = Math.max(narrowest, box.width)
      const x = box.left - left - (width - box.width) / 2
      const y = Math.round(box.top - top)
      return { token, x, y, width, height: Math.round(box.height), text, kind } as const
    })
  })
}

interface Fragment {
  readonly box: DOMRect
  readonly text: string
}

/** An element's boxes, a line each, with what stands in them. */
function fragmentsOf(element: HTMLElement): Fragment[] {
  const boxes = [...element.getClientRects()]
  const text = element.textContent
  // A newline leaves a box without width in the line that it begins.
  const wide = boxes.filter(({ width }) => width > 0.5)
  if (wide.length <= 1) {
    const box = wide[0] ?? boxes[0]
    return box === undefined ? [] : [{ box, text: text.replaceAll('\n', '') }]
  }
  return wide.map(box => ({ box, text: textWithin(element, box) }))
}

/** The characters of an element that stand in the line of a box. */
function textWithin(element: HTMLElement, { top, bottom }: DOMRect): string {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  let found = ''
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    let at = 0
    for (const character of node.textContent ?? '') {
      range.setStart(node, at)
      range.setEnd(node, (at += character.length))
      const box = range.getBoundingClientRect()
      const middle = (box.top + box.bottom) / 2
      if (character !== '\n' && middle > top && middle < bottom) found += character
    }
  }
  return found
}
