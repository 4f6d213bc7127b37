import { describe, expect, it } from 'vitest'
import {
  barGap,
  barHeight,
  barRoom,
  colorBar,
  colorBarTicks,
  colorsShown,
  fitsAlong
} from '#common/figure/color-bar.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { sansWidth } from '#common/figure/text-width.ts'

it('is said in a caption with its scale and its ends', () => {
  const range = { low: -0.5, high: 0.25 }
  expect(colorsShown('weight', { scale: 'linear', range })).toBe(
    'Colour: weight, from −0.500 to 0.250'
  )
  expect(colorsShown('weight', { scale: 'sqrt', range })).toContain('weight, as √w, from −0.500')
  expect(colorsShown('rank')).toBe('Colour: rank')
})

describe('colorBarTicks', () => {
  it('has both ends and round values between, in order', () => {
    const ticks = colorBarTicks('linear', { low: 0, high: 1 }, 4)
    expect(ticks.map(({ value }) => value)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  })

  it('places values by the scale', () => {
    const ticks = colorBarTicks('sqrt', { low: 0, high: 1 }, 4)
    for (const { value, position } of ticks) expect(position).toBeCloseTo(Math.sqrt(value), 6)
    expect(ticks.length).toBeGreaterThan(3)
  })

  it('keeps ticks apart', () => {
    const positions = colorBarTicks('log1p', { low: 0.001, high: 0.0012 }, 6).map(t => t.position)
    for (let i = 1; i < positions.length; i++)
      expect(positions[i]! - positions[i - 1]!).toBeGreaterThanOrEqual(0.08)
  })

  it('shows one value for an empty range', () => {
    expect(colorBarTicks('linear', { low: 0.5, high: 0.5 }, 4)).toEqual([
      { value: 0.5, position: 0 }
    ])
  })

  it('has zero in the middle of a range that is centred at it', () => {
    const ticks = colorBarTicks('linear', { low: -0.4, high: 0.4 }, 3)
    expect(ticks.map(({ value }) => value)).toEqual([-0.4, -0.2, 0, 0.2, 0.4])
    expect(ticks.map(({ position }) => position)).toEqual([0, 0.25, 0.5, 0.75, 1])
  })
})

const settings = {
  ...paperLook,
  colorMap: 'magma',
  scale: 'linear',
  follows: true,
  pooling: 'mean'
} as const

describe('colorBar', () => {
  it('writes its name beyond its numbers, however long these are', () => {
    for (const high of [0.896, 0.00273, 3e-4]) {
      const look = { ...settings, range: { low: -high, high } }
      const marks = colorBar(look, 'difference', 'difference', { x: 0, y: 0, height: 280 })
      const texts = marks.filter(mark => mark.kind === 'text')
      const ends = texts
        .filter(({ upright, text }) => !upright && /\d/.test(text))
        .map(({ x, text }) => x + sansWidth(text, look.size))
      const name = texts.find(({ upright }) => upright)!
      expect(name.x - look.size / 2).toBeGreaterThan(Math.max(...ends))
    }
  })

  it('wraps its name on a short bar, whole, between its numbers and the edge of a map', () => {
    const name = 'attention weight, mean of rows'
    const linesOn = (height: number, low: number) => {
      const look = { ...settings, range: { low, high: 0.25 } }
      const marks = colorBar(look, 'magma', name, { x: 12, y: 0, height })
      return marks.filter(mark => mark.kind === 'text').filter(({ upright }) => upright)
    }
    expect(linesOn(240, 0).map(({ text }) => text)).toEqual([name])
    for (const low of [0, -0.25]) {
      const lines = linesOn(110, low)
      expect(lines.map(({ text }) => text)).toEqual(['attention weight,', 'mean of rows'])
      const [first, last] = lines
      for (const { text, size, room } of lines)
        expect(sansWidth(text, size)).toBeLessThanOrEqual(room!)
      const half = settings.size / 2
      expect(first!.x - half).toBeGreaterThan(27 + sansWidth(low < 0 ? '−0.25' : '0.25', 2 * half))
      expect(last!.x - first!.x).toBeGreaterThan(settings.size)
      expect(last!.x + half).toBeLessThanOrEqual(85)
    }
  })

  it.each([
    [-0.000273, 0.000273, 'mean difference of the loss', ['−2.73', '0', '2.73'], '1e−4'],
    [0, 1234567, 'tokens of each window', ['0', '0.6', '1.23'], '1e6'],
    // As cells say them.
    [-0.0602, 0.0602, 'direct effect of each, logits', ['−0.06', '0', '0.06'], null]
  ])(
    'writes long numbers shorter, in a power of ten where they need one, where its name would be cut: %d to %d',
    (low, high, name, numbers, unit) => {
      const look = { ...settings, range: { low, high } }
      const texts = colorBar(look, 'difference', name, { x: 12, y: 0, height: 130 }).filter(
        mark => mark.kind === 'text'
      )
      const beside = texts.filter(({ upright, y }) => !upright && y <= 130)
      expect(beside.map(({ text }) => text)).toEqual(expect.arrayContaining(numbers))
      const lines = texts.filter(({ upright }) => upright)
      expect(lines.map(({ text }) => text).join(' ')).toBe(
        unit === null ? name : `${name}, in ${unit}`
      )
      const widest = Math.max(...beside.map(({ text, size }) => sansWidth(text, size)))
      for (const { text, size, room } of lines)
        expect(sansWidth(text, size)).toBeLessThanOrEqual(room!)
      expect(lines[0]!.x - settings.size / 2).toBeGreaterThan(27 + widest)
      expect(lines[1]!.x + settings.size / 2).toBeLessThanOrEqual(85)
    }
  )

  it('writes hundredths plain, as cells beside it have them', () => {
    const name = 'difference of previous token'
    const look = { ...settings, scale: 'sqrt' as const, range: { low: -0.0834, high: 0.0834 } }
    const texts = colorBar(look, 'difference', name, { x: barGap, y: 0, height: 142 }).filter(
      mark => mark.kind === 'text'
    )
    const beside = texts.filter(({ upright }) => !upright).map(({ text }) => text)
    expect(beside).toEqual(expect.arrayContaining(['−0.083', '0', '0.083']))
    const lines = texts.filter(({ upright }) => upright)
    expect(lines.map(({ text }) => text)).toEqual(['difference of', 'previous token, as √w'])
    for (const { text, size, x } of lines) {
      expect(sansWidth(text, size)).toBeLessThanOrEqual(142)
      expect(x + size / 2).toBeLessThanOrEqual(barRoom(look))
    }
  })

  it('writes numbers as they are where its name fits, or where small ones would be lost', () => {
    const shown = (low: number, high: number, name: string) => {
      const look = { ...settings, range: { low, high } }
      const marks = colorBar(look, 'difference', name, { x: 0, y: 0, height: 90 })
      const texts = marks.filter(mark => mark.kind === 'text')
      return texts.map(({ text }) => text)
    }
    expect(shown(-0.0125, 0.0125, 'score')).toEqual(expect.arrayContaining(['score', '0.0125']))
    const name = ['mean difference', 'of the loss']
    const all = shown(0.000123, 0.0125, name.join(' '))
    expect(all).toEqual(expect.arrayContaining([...name, '1.2e−4']))
  })

  const long = 'gradient of the logit of the most probable token'
  const short = { ...settings, range: { low: 0, high: 0.25 } }
  const linesOf = (look: Look, name: string, height: number) =>
    colorBar(look, 'magma', name, { x: barGap, y: 0, height })
      .filter(mark => mark.kind === 'text')
      .filter(({ upright }) => upright)

  it('writes its name in letters as large as all others, within its room, however short it is', () => {
    for (const name of [long, 'attention renormalised', 'weight'])
      for (const size of [7, 9.33, 11, 13.33])
        for (const height of [20, 40, 80, 140, 300]) {
          const look = { ...short, size }
          const lines = linesOf(look, name, height)
          expect(lines.map(({ text }) => text).join(' ')).toBe(name)
          for (const mark of lines) {
            expect(mark.size).toBe(size)
            // What does not fit is cut.
            expect(mark.room).toBe(height)
            expect(mark.x + size / 2).toBeLessThanOrEqual(barRoom(look))
          }
        }
  })

  it('has room in proportion to its letters', () => {
    // From 11 to 22 pixels: the letters' part of it twice.
    const [usual, twice] = [11, 22].map(size => barRoom({ size }))
    expect(twice! - usual!).toBeGreaterThan(60)
    expect(twice!).toBeLessThan(2 * usual!)
    for (const size of [11, 22])
      expect(linesOf({ ...short, size }, long, 14 * size)).toHaveLength(2)
  })

  it('is as much higher as its name takes, where there is room', () => {
    expect(fitsAlong(short, long, 80)).toBe(false)
    const high = barHeight(short, long, 80, 300)
    // The longer of two lines, of 24 letters.
    const longer = sansWidth('the most probable token', 11)
    expect(high).toBeGreaterThanOrEqual(longer)
    expect(high).toBeLessThan(longer + 2 * 11)
    expect(barHeight(short, long, 80, 100)).toBe(100)
    expect(barHeight(short, long, 200, 100)).toBe(200)
    expect(barHeight(short, 'weight', 80, 300)).toBe(80)
  })

  it('says on a page where its range comes from only where that is not its values alone', () => {
    const said = (own: Partial<Look>) =>
      colorBar({ ...short, ...own }, 'magma', 'weight', { x: 0, y: 0, height: 90 })
        .flatMap(mark => (mark.kind === 'text' ? [mark.text] : []))
        .filter(text => text.endsWith('range'))
    expect(said({})).toEqual(['own range'])
    expect(said({ still: true })).toEqual([])
    expect(said({ still: true, shared: true })).toEqual(['shared range'])
    expect(said({ still: true, follows: false })).toEqual(['fixed range'])
  })
})

it('has room for its numbers where each is further from the next than letters are high', () => {
  const look = { ...paperLook, size: 10, scale: 'linear', range: { low: 0, high: 1 } } as const
  // Along 100 pixels, so many from the lowest.
  const own = (at: number) => ({
    ticks: [0.2, 0.2 + at / 100, 0.9].map(position => ({ value: position, position })),
    note: ''
  })
  expect([11, 13].map(at => fitsAlong(look, 'w', 100, own(at)))).toEqual([false, true])
})
