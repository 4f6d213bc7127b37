import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedName, runCommand } from './command.ts'
import { serveWindow, type ServedWindow } from './served-window.ts'

let served: ServedWindow
let page: Page
beforeAll(async () => {
  served = await serveWindow({}, undefined, false)
  page = served.page
  await page.getByRole('application', { name: '81 tokens' }).waitFor()
  await runCommand(page, 'show weights by layer')
  await layers().waitFor()
})
afterAll(() => served.close())

const panel = () => page.getByRole('tabpanel').filter({ visible: true })
const layers = () => panel().getByRole('listbox', { name: /by layer$/ })
const options = () => layers().getByRole('option')
async function choose(what: string, option: string): Promise<void> {
  await panel()
    .getByRole('button', { name: new RegExp(`^${what}: `) })
    .click()
  await page.getByRole('menuitemradio', { name: option, exact: true }).click()
}

describe('weights by layer', () => {
  it('are stored tensors, one a layer, which keys go along', async () => {
    await choose('Weights', 'transformer.h.{}.mlp.c_fc.weight')
    await expect.poll(() => options().first().getAttribute('aria-label')).toContain('c_fc.weight')
    expect(await options().count()).toBe(4)
    await options().first().focus()
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => focusedName(page))
      .toMatch(/^layer 1 · transformer\.h\.1\.mlp\.c_fc\.weight · standard deviation 0\.\d+/)
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('heading', { name: 'transformer.h.1.mlp.c_fc.weight' })
      .waitFor()
  })

  it('are heads of a role, with the numbers of a spectrum, also after a reload', async () => {
    await choose('Weights', 'W_Q')
    await choose('Statistic', 'effective rank')
    await expect.poll(() => options().count()).toBe(16)
    await expect.poll(() => served.saved()).toContain('"effectiveRank"')
    await page.reload()
    await expect.poll(() => options().count()).toBe(16)
    const label = (await options().last().getAttribute('aria-label'))!
    const rank = Number(/^layer 3 · W_Q 3\.3 · effective rank ([\d.]+)$/.exec(label)![1])
    expect(rank).toBeGreaterThan(1)
    expect(rank).toBeLessThanOrEqual(32)
  })

  it('are boxes of the variances of rows, of each head, which can be chosen', async () => {
    await choose('Statistic', 'variances of rows')
    const box = layers().getByRole('option', {
      name: /^layer 2 · W_Q 2\.1 · median of variances of rows .+, from .+ to /
    })
    await box.click()
    await expect.poll(() => box.getAttribute('aria-selected')).toBe('true')
  })

  it('lead to their tensor', async () => {
    await choose('Weights', 'transformer.h.{}.attn.c_attn.weight')
    const second = layers().getByRole('option', { name: /^layer 2 / })
    await expect.poll(() => second.getAttribute('aria-label')).toContain('c_attn')
    await second.dblclick()
    await page
      .getByRole('application', { name: /^Weights of transformer\.h\.2\.attn\.c_attn\.weight/ })
      .waitFor()
    expect(served.complaints).toEqual([])
  })
})
