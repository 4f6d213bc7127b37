import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, it } from 'vitest'
import FirstLines from '../../../src/renderer/src/ui/FirstLines.vue'

async function listed(count: number): Promise<string[]> {
  const lines = Array.from({ length: count }, (_, i) => `line ${i}`)
  const html = await renderToString(createSSRApp(FirstLines, { lines }))
  return [...html.matchAll(/<li[^>]*>(.*?)<\/li>/g)].map(([, line]) => line!)
}

it('lists as many lines as are read, and says how many more there are', async () => {
  expect(await listed(2)).toEqual(['line 0', 'line 1'])
  expect((await listed(100)).at(-1)).toBe('line 99')
  const many = await listed(300_000)
  expect([many.length, many.at(-2), many.at(-1)]).toEqual([101, 'line 99', 'and 299,900 more'])
})
