import { describe, expect, it } from 'vitest'
import { barBelow, roomBelow, withWholeBar } from '#common/figure/bar-below.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { textWidth } from '#common/figure/text-width.ts'

const screen: Look = {
  ...paperLook,
  ...{ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'mean' },
  range: { low: 0, high: 0.982 }
}
const page: Look = { ...screen, still: true }
const name = 'probability of the most probable token'
const wide = (width: number) => ({ left: 60, margin: 8, width })

describe('a bar below a map', () => {
  it.each([140, 180, 220, 300, 600])(
    'is all in the room that is kept for it, %s pixels wide',
    width => {
      const own = { ...page, sans: 'Inter', size: 12 }
      const room = wide(width)
      const marks = barBelow(own, false, 'magma', name, { ...room, top: 100 })
      const end = 100 + roomBelow(own, false, name, room)
      const texts = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      expect(
        texts
          .slice(2)
          .map(({ text }) => text)
          .join(' ')
      ).toBe(`${name}, as √w`)
      for (const mark of texts) {
        expect(mark.y - 6).toBeGreaterThanOrEqual(100)
        expect(mark.y + 6).toBeLessThanOrEqual(end)
        expect(mark.x + textWidth(mark.text, mark)).toBeLessThanOrEqual(width)
      }
      // No more than it takes.
      expect(end - Math.max(...texts.map(({ y }) => y + 6))).toBeLessThan(4)
    }
  )

  it('is one of a page alone, where none stands beside it and no other map has it', () => {
    const room = wide(300)
    expect(roomBelow(page, false, name, room)).toBeGreaterThan(20)
    for (const [own, hasBar] of [
      [screen, false],
      [page, true],
      [{ ...page, bar: false }, false]
    ] as const) {
      expect(roomBelow(own, hasBar, name, room)).toBe(0)
      expect(barBelow(own, hasBar, 'magma', name, { ...room, top: 0 })).toEqual([])
    }
  })

  it('is below where one beside it were shorter than its name, on a page', () => {
    const layoutOf = (height: number) => (look: Look) => ({
      bar: look.bar === undefined ? { x: 0, y: 0, height } : null
    })
    // Two lines of 24 letters and fewer.
    expect(withWholeBar(page, name, layoutOf(160)).bar).not.toBeNull()
    expect(withWholeBar(page, name, layoutOf(90)).bar).toBeNull()
    expect(withWholeBar(screen, name, layoutOf(90)).bar).not.toBeNull()
  })
})
