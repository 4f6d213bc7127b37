import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

const text = 'To be, or not to be: that is the question'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const second = () => panel().getByRole('group', { name: 'Compared with' })

/** Shows a view, and beside it the same of another text, which is there once something is. */
async function compared(view: string, other = text, there = second()): Promise<void> {
  await runCommand(page, `show ${view}`)
  await page.getByRole('tab', { selected: true }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Compare with another text…' }).click()
  await page.getByRole('combobox').last().fill(other)
  await page.keyboard.press('Enter')
  await there.waitFor()
  // As it goes it gives the focus back, which closes a menu that was opened meanwhile.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function saved(format: RegExp): Promise<{ name: string; text: string }> {
  await panel().getByRole('button', { name: 'Export', exact: true }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).first().click()
  const download = await downloading
  return {
    name: download.suggestedFilename(),
    text: readFileSync(await download.path(), 'utf8')
  }
}

describe('a shaded text', () => {
  const highest = () => panel().locator('.foot .range').allTextContents()

  it('has one range of colours with the one beside it', async () => {
    await compared('text')
    await expect.poll(async () => (await highest()).length).toBe(2)
    await expect.poll(async () => new Set(await highest()).size).toBe(1)
    const [shared = ''] = await highest()
    expect(shared).toContain('of both')
    const strongest = await panel().locator('.foot li:first-child strong').allTextContents()
    expect(strongest).toHaveLength(2)
    const most = Math.max(...strongest.map(Number))
    expect(Number(/^0\s*([\d.]+)/.exec(shared.trim())![1])).toBe(most)
  })

  it('is saved with the one beside it, as one figure and with all numbers', async () => {
    const { text: svg } = await saved(/^SVG.*both sides/)
    expect(svg).toContain('Beside:')
    expect(svg).toContain(`Text: ${text}`)
    expect(svg.match(/<svg/g)).toHaveLength(1)
    // What tells them apart stands above each.
    expect(svg).toMatch(/>First Citizen[^]*>To be, or not to be/)
    expect((await saved(/^PDF.*both sides/)).text.slice(0, 5)).toBe('%PDF-')
    const json = JSON.parse((await saved(/^JSON.*both sides/)).text) as {
      axes: Record<string, { length: number; labels: string[] }>
    }
    expect(json.axes['first.token']).toMatchObject({ length: 81 })
    expect(json.axes['second.token']!.labels.slice(0, 5)).toEqual(['T', 'o', '·', 'b', 'e'])
    expect(json.axes['second.token']).toMatchObject({ length: text.length })
    const { name, text: csv } = await saved(/^CSV.*both sides/)
    expect(name).toMatch(/^shakespeare-char-head-\d-\d-first.*-and-to-be.*-text\.csv$/)
    expect(csv).toMatch(/^side,side_label,token,token_label,weight,first_position\r$/m)
  })
})

describe('a difference of shaded texts', () => {
  const difference = () => panel().getByRole('radio', { name: 'Difference' })
  /** Of a file of numbers. */
  const numbers = async (name: string) => {
    const { variables } = JSON.parse((await saved(/^JSON/)).text) as {
      variables: Record<string, { data: (number | null)[] }>
    }
    return variables[name]!.data
  }

  it('is told to be none where one has more tokens', async () => {
    await panel()
      .getByText(/^No difference: 81 and 41 tokens/)
      .waitFor()
    expect(await difference().isDisabled()).toBe(true)
  })

  it('is one text, shaded by what one has less the other, position by position', async () => {
    await compared('text', text.padEnd(81, ' or'))
    await panel().getByText('The texts differ: position is compared with position').waitFor()
    const texts = panel().getByRole('listbox', { name: /^Text shaded by/ })
    for (const side of [0, 1]) await texts.nth(side).getByRole('option').nth(80).click()
    const first = await numbers('first.weight')
    const taken = await numbers('second.weight')
    expect([first.length, taken.length]).toEqual([81, 81])
    await difference().click()
    await second().waitFor({ state: 'detached' })
    await panel()
      .getByRole('listbox', { name: /^Text shaded by the difference/ })
      .waitFor()
    const own = await numbers('difference')
    own.forEach((value, i) => expect(value).toBeCloseTo(first[i]! - taken[i]!, 6))
    const [strongest] = await panel().locator('.foot li:first-child strong').allTextContents()
    const most = own.reduce<number>((most, value) => Math.max(most, Math.abs(value!)), 0)
    expect(Math.abs(Number(strongest!.replace('−', '-')))).toBeCloseTo(most, 2)
    const { text: svg } = await saved(/^SVG/)
    // In lines along its bar.
    expect(svg.replaceAll(/<[^>]+>/g, '')).toMatch(/difference of\s+weights/)
    expect(svg).toContain('Less:')
    await page.reload()
    await panel()
      .getByRole('listbox', { name: /^Text shaded by the difference/ })
      .waitFor()
    await panel().getByRole('radio', { name: 'Side by side' }).click()
    await second().waitFor()
  })
})

describe('lines', () => {
  it('are saved with those beside them', async () => {
    await compared('lines')
    await expect.poll(async () => (await saved(/^SVG/)).text).toContain('Beside:')
    const { text: svg } = await saved(/^SVG.*both sides/)
    expect(svg).toContain(`Text: ${text}`)
  })
})

describe('a difference', () => {
  const other = text.padEnd(81, ' or')
  const variables = async (format = /^JSON/) =>
    (
      JSON.parse((await saved(format)).text) as {
        variables: Record<string, { data: (number | null)[] }>
      }
    ).variables
  const asDifference = () => panel().getByRole('radio', { name: 'Difference' }).click()
  /** What is chosen goes for all tabs. */
  const asBefore = async () => {
    await panel().getByRole('radio', { name: 'Side by side' }).click()
    await second().waitFor()
  }

  it('of lines is drawn where weights differ, less and more', async () => {
    await compared('lines', other)
    await asDifference()
    await second().waitFor({ state: 'detached' })
    await panel()
      .getByRole('application', { name: /^Difference of attention lines/ })
      .waitFor()
    await expect.poll(async () => Object.keys(await variables())).toContain('difference')
    const { difference, query, key } = await variables()
    expect(difference!.data.some(value => value! < 0)).toBe(true)
    expect(difference!.data.some(value => value! > 0)).toBe(true)
    expect(difference!.data.every(value => Math.abs(value!) >= 0.05)).toBe(true)
    expect(query!.data.every((position, i) => key!.data[i]! <= position!)).toBe(true)
    expect((await saved(/^SVG/)).text).toContain('Less:')
    await asBefore()
  })

  it('of all heads is each less the one at its place', async () => {
    await compared('model view', other)
    await asDifference()
    await second().waitFor({ state: 'detached' })
    await expect.poll(async () => Object.keys(await variables())).toContain('difference')
    const { difference } = await variables()
    expect(difference!.data.some(value => value! < 0)).toBe(true)
    await panel().getByText('more', { exact: true }).waitFor()
    await expect.poll(async () => (await saved(/^SVG/)).text).toContain('blue less, red more')
    await asBefore()
  })

  it('of what heads do is of each score, also of texts of other lengths', async () => {
    await compared('head atlas')
    await asDifference()
    await second().waitFor({ state: 'detached' })
    const cells = panel().getByRole('grid', { name: 'Heads by difference of previous token' })
    await cells.waitFor()
    await expect.poll(async () => Object.keys(await variables())).toContain('difference')
    const { difference } = await variables()
    await asBefore()
    await second().getByRole('grid', { name: 'Heads by previous token' }).waitFor()
    const { value } = await variables(/^JSON.*both sides/)
    // By axes, one within the other: [score, layer, head], and of both sides [side, score, layer, head].
    const [less, sides] = [difference, value].map(({ data } = { data: [] }) => data.flat(3))
    expect(sides).toHaveLength(2 * less!.length)
    less!.slice(0, 16).forEach((own, i) => {
      expect(own).toBeCloseTo(sides![i]! - sides![less!.length + i]!, 9)
    })
  })

  it('of one head is of its offsets and scores, as far as both texts go, and not of contexts', async () => {
    await compared('head profile')
    await asDifference()
    await second().waitFor({ state: 'detached' })
    await panel()
      .getByRole('img', { name: /^Difference of attention of Head \d\.\d by offset$/ })
      .waitFor()
    await panel().getByText('Offsets up to 40, which both have; one goes on to 80.').waitFor()
    await panel().getByText('Offsets and scores alone; contexts stand side by side').waitFor()
    const { offset, difference } = await variables()
    expect(offset!.data.flat(3)).toHaveLength(41)
    expect(difference!.data.flat(3).some(value => value! < 0)).toBe(true)
    const { text: svg } = await saved(/^SVG/)
    expect(svg).toContain('Less:')
    expect(svg).toMatch(/Head \d\.\d, scored over 1 window/)
    await asBefore()
  })
})

/** What stands in a figure of two sides, side by side. */
function sidesOf(svg: string): string[] {
  // Below their names, which may take several lines; what stands in a side has its own place there.
  const [, top] = /<g transform="translate\([\d.]+ ([\d.]+)\)">/.exec(svg)!
  return svg.split(new RegExp(`<g transform="translate\\([\\d.]+ ${top!}\\)">`)).slice(1)
}

describe('an atlas', () => {
  it('has one range of colours with the one beside it', async () => {
    await compared('head atlas')
    await panel()
      .getByRole('grid', { name: /^Heads by / })
      .nth(1)
      .waitFor()
    const { text: svg } = await saved(/^SVG.*both sides/)
    const ends = sidesOf(svg).map(side => {
      expect(side).toContain('>shared range<')
      // The ends of the colour bar stand beside it, after all cells.
      return [...side.matchAll(/>(0\.\d+|0)</g)].map(([, number]) => number).slice(-3)
    })
    expect(ends).toHaveLength(2)
    expect(ends[0]).toEqual(ends[1])
    const csv = (await saved(/^CSV.*both sides/)).text
    expect(csv).toContain('side,side_label,score,score_label,layer,head')
  })

  it('has axes of one scatter with those of the one beside it', async () => {
    await panel().getByRole('radio', { name: 'Scatter' }).first().click()
    await panel()
      .getByRole('img', { name: /^Heads by / })
      .nth(1)
      .waitFor()
    const ticks = sidesOf((await saved(/^SVG.*both sides/)).text).map(side => {
      const numbers = [...side.matchAll(/<text[^>]*>(-?[\d.]+)</g)].map(([, number]) => number)
      // Names of heads come after the axes.
      return numbers.slice(0, numbers.indexOf('0.0'))
    })
    expect(ticks).toHaveLength(2)
    expect(ticks[0]!.length).toBeGreaterThan(3)
    expect(ticks[0]).toEqual(ticks[1])
  })
})

describe('a head’s profile', () => {
  it('has its distribution over one axis with the one beside it', async () => {
    await compared('head profile')
    await panel()
      .getByRole('img', { name: /by offset$/ })
      .nth(1)
      .waitFor()
    const [one, other] = sidesOf((await saved(/^SVG.*distribution, both sides/)).text)
    // Each with its place.
    const ticks = (side = '') => [...side.matchAll(/<text[^>]*>(?:0|0\.\d+|1)</g)].map(String)
    expect(ticks(one).length).toBeGreaterThan(2)
    expect(ticks(one)).toEqual(ticks(other))
  })
})

describe('queries and keys', () => {
  it('have strips on one range with those beside them', async () => {
    await compared('query')
    await panel().getByRole('application', { name: 'Keys of query' }).nth(1).waitFor()
    const { text: svg } = await saved(/^SVG.*products, both sides/)
    const [q, k, otherQ, otherK] = [...svg.matchAll(/>±([^<]+)</g)].map(([, most]) => most)
    expect(q).toBeDefined()
    expect([q, k]).toEqual([otherQ, otherK])
  })
})

describe('the lines of all heads', () => {
  it('are saved with those beside them', async () => {
    await compared('model view')
    const { text } = await saved(/^SVG.*both sides/)
    expect(text).toContain('Beside:')
    expect(sidesOf(text)).toHaveLength(2)
  })
})

describe('heads in the order of a score', () => {
  it('are saved with those beside them or alone, in a menu that ends within the window', async () => {
    await compared('attention', text, panel().getByRole('radio', { name: 'Side by side' }))
    await panel().getByRole('radio', { name: 'Side by side' }).click()
    await panel()
      .getByRole('button', { name: /^Order: / })
      .click()
    await page.getByRole('menuitemradio', { name: 'By induction' }).click()
    await panel().getByText('16 and 16 of 16 heads').waitFor()
    for (const width of [640, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      await panel().getByRole('button', { name: 'Export', exact: true }).click()
      const menu = page.getByRole('menu')
      const sides = ['Both sides', /^First Citizen/, /^To be/].map(name =>
        menu.getByRole('group', { name })
      )
      for (const side of sides) {
        await expect.poll(() => side.count()).toBe(1)
        const named = (name: string) => side.getByRole('group', { name, exact: true }).count()
        expect(await named('Figure: heads by induction')).toBe(1)
        expect(await named('Numbers: heads by induction')).toBe(1)
      }
      const box = await menu.boundingBox()
      expect(box!.x).toBeGreaterThanOrEqual(0)
      expect(box!.y + box!.height).toBeLessThan(900)
      await page.keyboard.press('End')
      const last = sides[2]!.getByRole('menuitem').last()
      await expect.poll(() => last.evaluate(item => item === document.activeElement)).toBe(true)
      expect((await last.boundingBox())!.y).toBeLessThan(900 - 26)
      await page.keyboard.press('Escape')
      await menu.waitFor({ state: 'detached' })
    }
    const { text: svg } = await saved(/^SVG heads by induction, both sides/)
    expect(sidesOf(svg)).toHaveLength(2)
  })

  it('are for a paper the figure whose entry was chosen', async () => {
    await panel().getByRole('button', { name: 'Export', exact: true }).click()
    const entry = /^For a paper, heads by induction · To be/
    await page.getByRole('menuitem', { name: entry }).click()
    const dialog = page.getByRole('dialog', { name: 'Export for a paper' })
    const chosen = dialog.getByRole('button', { name: /^Figure/ })
    await chosen.getByText(/^heads by induction · To be/).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})

it('complains of nothing', () => {
  expect(served.complaints).toEqual([])
})
