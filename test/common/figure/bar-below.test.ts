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
const wide = (width: number) => ({ left: 60, width })

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

  it('says of its range that it is not that of its values, as one beside a map does', () => {
    const saidOf = (own: Partial<Look>) =>
      barBelow({ ...page, ...own }, false, 'magma', 'weight', { ...wide(600), top: 0 })
        .flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
        .at(-1)
    expect(saidOf({})).toBe('weight, as √w')
    expect(saidOf({ shared: true })).toBe('weight, as √w, shared range')
    expect(saidOf({ follows: false })).toBe('weight, as √w, fixed range')
  })

  it.each([
    ['attention weight, as √w, shared', ['attention weight, as √w,', 'shared range']],
    ['attention weight, as', ['attention weight,', 'as √w, shared range']]
  ])(
    'has what it says of its scale and its range in one line each, as wide as %s',
    (room, said) => {
      const width = 16 + Math.ceil(textWidth(room, { font: page.sans, size: page.size }) + 4)
      const own = { ...page, shared: true }
      const marks = barBelow(own, false, 'magma', 'attention weight', { left: 8, width, top: 0 })
      const texts = marks.flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
      expect(texts.slice(2)).toEqual(said)
    }
  )

  it('begins where its map does, or where titles do where its name takes fewer lines so', () => {
    const begun = (width: number) => {
      const room = { left: 60, width }
      const marks = barBelow(page, false, 'magma', name, { ...room, top: 0 })
      const [low, , ...said] = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      return [low!.x, said.length]
    }
    // As wide as its letters are, not as wider ones would be.
    const whole = Math.ceil(textWidth(`${name}, as √w`, { font: page.sans, size: page.size }))
    expect(begun(60 + whole + 8)).toEqual([60, 1])
    expect(begun(60 + whole + 7)[0]).toBe(8)
    expect(begun(60 + whole)).toEqual([8, 1])
    expect(begun(8 + whole + 7)[1]).toBe(2)
    expect(begun(100)[0]).toBe(8)
  })

  it('begins where its map does where its name takes one line below it, too', () => {
    const placed = (left: number) => {
      const marks = barBelow(page, false, 'magma', 'weight', { left, width: 250, top: 0 })
      const [low, , ...said] = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      return { x: low!.x, isBehind: said.every(({ y }) => y === low!.y), lines: said.length }
    }
    expect(placed(60)).toEqual({ x: 60, isBehind: false, lines: 1 })
    // There is room for it behind the bar where titles begin.
    expect(placed(8)).toEqual({ x: 8, isBehind: true, lines: 1 })
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
