import type { TextBox } from '#common/figure/text-flow.ts'

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
    const isSign = element.querySelector('.sign')?.textContent === element.textContent
    const kind = element.classList.contains('special') ? 'special' : isSign ? 'sign' : 'letters'
    const before = element.previousSibling
    const gap = before?.nodeType === Node.TEXT_NODE ? (before.textContent ?? '') : ''
    return fragmentsOf(element).map(({ box, text }, i) => {
      const width = Math.max(narrowest, box.width)
      const x = box.left - left - (width - box.width) / 2
      const y = Math.round(box.top - top)
      const own = { token, x, y, width, height: Math.round(box.height), text, kind } as const
      return i === 0 && gap !== '' ? { ...own, gap } : own
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
  const letters = lettersOf(element)
  let [from, to] = [0, 0]
  return wide.map((box, line) => {
    const before = wide[line - 1]
    // Where directions meet a line has several boxes, which have its letters in common.
    if (before === undefined || middleOf(before) < box.top) {
      from = to
      const below = wide.find(({ top }) => top > middleOf(box))
      to = below === undefined ? letters.length : firstIn(letters, from, below)
    }
    const text = letters.slice(from, to).map(({ letter }) => letter)
    return { box, text: text.join('').replaceAll('\n', '') }
  })
}

/** A letter of an element, and where it is in the page. */
interface Letter {
  readonly node: Node
  readonly at: number
  readonly letter: string
}

function lettersOf(element: HTMLElement): Letter[] {
  const letters: Letter[] = []
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    let at = 0
    for (const letter of node.textContent ?? '') {
      letters.push({ node, at, letter })
      at += letter.length
    }
  }
  return letters
}

/** The first letter from one on that stands in the line of a box or below: few are measured, a token may have thousands. */
function firstIn(letters: readonly Letter[], from: number, { top }: DOMRect): number {
  const range = document.createRange()
  /** Letters that take no room stand with the next that does. */
  const isIn = (index: number): boolean => {
    for (const { node, at, letter } of letters.slice(index, index + 64)) {
      range.setStart(node, at)
      range.setEnd(node, at + letter.length)
      const box = range.getBoundingClientRect()
      if (box.height > 0) return middleOf(box) > top
    }
    return true
  }
  let [low, high] = [from, letters.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isIn(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function middleOf({ top, bottom }: DOMRect): number {
  return (top + bottom) / 2
}
