import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { Token } from '#common/model/token.ts'
import { tokenParts, type TokenPart } from '#common/text/token-text.ts'
import { useSize } from '../../reactive/use-size.ts'
import { chipAt, chipPlaces } from './chip-places.ts'

/** A token as it stands in the line. */
export interface Chip {
  readonly index: number
  readonly token: Token
  readonly parts: readonly TokenPart[]
}

/** In CSS pixels: what a chip has beside its letters, and how narrow it may be; from one line to the next. */
const padding = { usual: 4, special: 14 }
const narrowest = 10
export const lineHeight = 20

/** Chips are drawn in steps of so many, one step beyond what is seen: a line that scrolls rarely draws others. */
const step = 128

/**
 * Which chips of a text are drawn and where they stand. That is reckoned, not measured: thousands of them in the page would be
 * styled and laid out with all that changes in it.
 * @param strip the box that scrolls: along its line or, `wrapped`, down its lines
 */
export function useChips(
  strip: Ref<HTMLElement | null>,
  tokens: () => readonly Token[],
  wrapped: () => boolean,
  rightToLeft: () => boolean
) {
  const room = useSize(strip)
  /** From the start of the text, in CSS pixels. */
  const scrolled = ref(0)
  const fonts = ref(0)
  const measure = () => fonts.value++
  document.fonts.addEventListener('loadingdone', measure)
  onBeforeUnmount(() => document.fonts.removeEventListener('loadingdone', measure))

  const all = computed<Chip[]>(() =>
    tokens().map((token, index) => ({ index, token, parts: tokenParts(token) }))
  )
  const widths = computed(() => {
    void fonts.value
    const widthOf = measuredWidth()
    return Float64Array.from(all.value, chip => widthOf(chip))
  })
  const places = computed(() =>
    chipPlaces(widths.value, wrapped() ? Math.max(room.value.width, narrowest) : Infinity)
  )
  /** From the first chip that is seen to the one after the last. */
  const seen = computed(() => {
    const { width, height } = room.value
    if (!wrapped())
      return {
        from: chipAt(places.value, 0, scrolled.value),
        to: chipAt(places.value, 0, scrolled.value + width) + 1
      }
    const [top, bottom] = [scrolled.value, scrolled.value + height]
    return {
      from: chipAt(places.value, Math.floor(top / lineHeight), 0),
      to: chipAt(places.value, Math.ceil(bottom / lineHeight), 0)
    }
  })
  const first = computed(() => Math.max(0, Math.floor(seen.value.from / step) - 1) * step)
  const last = computed(() => (Math.ceil(seen.value.to / step) + 1) * step)
  const drawn = computed(() => all.value.slice(first.value, last.value))

  /** What the strip says as it scrolls. */
  function onScroll(): void {
    const line = strip.value
    if (!line) return
    scrolled.value = wrapped() ? line.scrollTop : Math.abs(line.scrollLeft)
    top = seen.value.from
  }

  /** The first chip that was seen as the strip was scrolled last. */
  let top = 0
  // In lines of another width they stand elsewhere.
  watch(
    () => room.value.width,
    () => {
      const line = strip.value
      if (!line || !wrapped() || scrolled.value === 0) return
      line.scrollTop = (places.value.lines[top] ?? 0) * lineHeight
      onScroll()
    },
    { flush: 'post' }
  )

  /** Scrolls to a chip that is not seen whole. */
  function bring(index: number): void {
    const line = strip.value
    const start = places.value.starts[index]
    if (!line || start === undefined) return
    const { width, height } = room.value
    const [from, extent, seenExtent] = wrapped()
      ? [places.value.lines[index]! * lineHeight, lineHeight, height]
      : [start, places.value.widths[index]!, width]
    if (from >= scrolled.value && from + extent <= scrolled.value + seenExtent) return
    const to = from < scrolled.value ? from - seenExtent / 4 : from - (seenExtent * 3) / 4
    if (wrapped()) line.scrollTop = to
    else line.scrollLeft = rightToLeft() ? -to : to
    onScroll()
  }

  /** The element of a chip; null where it is not drawn. */
  function elementOf(index: number): HTMLElement | null {
    const { children = [] } = strip.value?.firstElementChild ?? {}
    const from = Number((children[0] as HTMLElement | undefined)?.dataset.index)
    return (children[index - from] as HTMLElement | undefined) ?? null
  }

  function styleOf(index: number): Record<string, string> {
    const { starts, widths, lines } = places.value
    return {
      // Of the line, not of the chip, which has a direction of its own.
      [rightToLeft() ? 'right' : 'left']: `${starts[index]!}px`,
      top: `${lines[index]! * lineHeight}px`,
      width: `${widths[index]!}px`
    }
  }

  return { all, drawn, places, seen, scrolled, onScroll, bring, elementOf, styleOf }
}

/** How wide chips are, in CSS pixels, in the fonts that are there now. */
function measuredWidth(): (chip: Chip) => number {
  const root = getComputedStyle(document.documentElement)
  const context = document.createElement('canvas').getContext('2d')!
  context.font = `${root.getPropertyValue('--size-small')} ${root.getPropertyValue('--font-mono')}`
  const known = new Map<string, number>()
  return ({ token, parts }) => {
    const text = parts.map(({ text }) => text).join('')
    const width = known.get(text) ?? context.measureText(text).width
    known.set(text, width)
    return Math.max(narrowest, width + (token.special ? padding.special : padding.usual))
  }
}
