import type { Page } from 'playwright-core'

/** Scrolls the line of tokens by the wheel, to its end and back. @param times how often the wheel turns */
export async function scrollTokens(page: Page, times = 20): Promise<void> {
  await page.getByRole('listbox', { name: 'Tokens' }).hover()
  const by = 7200 / (times / 2)
  for (const way of [by, -by]) for (let i = 0; i < times / 2; i++) await page.mouse.wheel(way, 0)
}

/** Drags what the map on the screen shows, around and back. @param times how often the pointer moves */
export async function dragMap(page: Page, times = 12): Promise<void> {
  await hoverMap(page, times, () => page.mouse.down())
  await page.mouse.up()
}

/**
 * Moves the pointer over the map on the screen, around and back.
 * @param times how often it moves
 * @param there what is done once it is there
 */
export async function hoverMap(
  page: Page,
  times = 12,
  there = () => Promise.resolve()
): Promise<void> {
  const map = page.getByRole('application').filter({ visible: true })
  const { x, y, width, height } = (await map.boundingBox())!
  for (let i = 0; i < times; i++) {
    const angle = (i / times) * 2 * Math.PI
    await page.mouse.move(
      x + width * (0.4 + 0.2 * Math.cos(angle)),
      y + height * (0.6 + 0.2 * Math.sin(angle))
    )
    if (i === 0) await there()
  }
}
