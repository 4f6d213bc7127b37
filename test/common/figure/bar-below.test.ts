import { describe, expect, it } from 'vitest'
import { barBelow, roomBelow, withWholeBar } from '#common/figure/bar-below.ts'
import { cssColor } from '#common/figure/color-table.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { TextMark } from '#common/figure/mark.ts'
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
      const isNumber = ({ text }: TextMark) => /^[\d.]+$/.test(text)
      const said = texts.filter(mark => !isNumber(mark)).map(({ text }) => text)
      expect(said.join(' ')).toBe(`${name}, as √w`)
      for (const mark of texts) {
        expect(mark.y - 6).toBeGreaterThanOrEqual(100)
        expect(mark.y + 6).toBeLessThanOrEqual(end)
        const share = { left: 1, center: 0.5, right: 0 }[mark.align]
        expect(mark.x + share * textWidth(mark.text, mark)).toBeLessThanOrEqual(width)
      }
      // No more than it takes.
      expect(end - Math.max(...texts.map(({ y }) => y + 6))).toBeLessThan(4)
    }
  )

  it('is as wide as its room and says what lies between its ends, each value below its colour', () => {
    const marks = barBelow(page, false, 'magma', name, { ...wide(240), top: 0 })
    const ramp = marks.flatMap(mark => (mark.kind === 'rect' ? [mark] : []))
    const numbers = marks.flatMap(mark =>
      mark.kind === 'text' && /^[\d.]+$/.test(mark.text) ? [mark] : []
    )
    const { x, width } = ramp[0]!
    // Below a map that begins at 60, to where titles end.
    expect([x, width]).toEqual([60, 172])
    expect(numbers.map(({ text, align }) => [text, align])).toEqual([
      ['0', 'left'],
      ['0.2', 'center'],
      ['0.982', 'right']
    ])
    for (const { text, x: at } of numbers)
      expect((at - x) / width).toBeCloseTo(Math.sqrt(Number(text) / 0.982), 6)
    const middle = ramp.findLast(({ x: from }) => from <= numbers[1]!.x)!
    const shade = Math.sqrt(0.2 / 0.982)
    expect(middle.fill).toBe(cssColor('magma', Math.floor(shade * 43) / 42, paperLook.paper))
  })

  it.each([
    [{ low: 0, high: 0.5 }, 'linear', 600, ['0', '0.1', '0.3', '0.4', '0.5']],
    [{ low: -12.5, high: 12.5 }, 'linear', 600, ['−12.5', '−6', '0', '6', '12.5']],
    [{ low: 0, high: 0.982 }, 'sqrt', 100, ['0', '0.982']],
    [{ low: 0.5, high: 0.5 }, 'linear', 600, ['0.5']]
  ] as const)('says %j of a scale %s in %s pixels apart', (range, scale, width, expected) => {
    const own = { ...page, range, scale }
    const marks = barBelow(own, false, 'magma', 'weight', { ...wide(width), top: 0 })
    const numbers = marks.flatMap(mark =>
      mark.kind === 'text' && /^[−\d.]+$/.test(mark.text) ? [mark] : []
    )
    expect(numbers.map(({ text }) => text)).toEqual(expected)
    const spans = numbers.map(mark => {
      const wide = textWidth(mark.text, mark)
      const left = mark.x - { left: 0, center: 0.5, right: 1 }[mark.align] * wide
      return [left, left + wide] as const
    })
    spans.slice(1).forEach(([left], i) => expect(left - spans[i]![1]).toBeGreaterThan(4))
  })

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
      expect(texts.filter(text => !/^[\d.]+$/.test(text))).toEqual(said)
    }
  )

  it('begins where its map does, or where titles do where its name takes fewer lines so', () => {
    const begun = (width: number) => {
      const room = { left: 60, width }
      const marks = barBelow(page, false, 'magma', name, { ...room, top: 0 })
      const [low, ...others] = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      return [low!.x, others.filter(({ y }) => y > low!.y).length]
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
      const [low, ...others] = marks.flatMap(mark => (mark.kind === 'text' ? [mark] : []))
      const said = others.filter(({ text }) => !/^[\d.]+$/.test(text))
      // Numbers are below the colours.
      return { x: low!.x, isBehind: said.every(({ y }) => y < low!.y), lines: said.length }
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
