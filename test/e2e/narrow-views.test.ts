import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { hebrew } from '../golden/workbench.ts'
import { runCommand } from './command.ts'
import { openModel } from './open-path.ts'
import { openedWindows } from './opened-windows.ts'

const opened = openedWindows()
const views = [
  ...['attention', 'text', 'lines', 'model view', 'aggregate', 'query', 'head atlas'],
  ...['head profile', 'head groups', 'compare models', 'positions', 'tokens', 'vocabulary'],
  ...['words', 'projector', 'predictions', 'logit lens', 'contextual embeddings', 'activations'],
  ...['neurons', 'direct', 'saliency', 'why', 'circuits', 'weights by layer', 'architecture'],
  ...['health', 'checkpoints', 'timeline', 'tensor', 'overview']
]

/** Waits until a view waits for nothing, and is as it was a moment before. */
function atRest(panel: Locator): Promise<void> {
  return panel.evaluate(
    own =>
      new Promise<void>(resolve => {
        let last = ''
        const look = () => {
          const { innerHTML } = own
          if (innerHTML === last && own.querySelector('.waiting') === null) resolve()
          else setTimeout(look, 150)
          last = innerHTML
        }
        look()
      })
  )
}

it.each(['the sample', 'a text from right to left'])(
  'no view of %s goes beyond its panel at 640 pixels, and what stands below it is whole',
  async of => {
    const { page } = await opened({ viewport: { width: 640, height: 800 } }, undefined, false)
    await page.getByRole('application', { name: '81 tokens' }).waitFor()
    if (of !== 'the sample') await openModel(page, hebrew)
    const found: string[] = []
    for (const view of views) {
      await runCommand(page, `show ${view}`)
      const panel = page.getByRole('tabpanel').filter({ visible: true })
      await panel.waitFor()
      await atRest(panel)
      const beyond = await panel.evaluate(own => {
        const edge = own.getBoundingClientRect()
        const said = ({ textContent }: Element) => textContent.replaceAll(/\s+/g, ' ').trim()
        const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true })
        // What scrolls, or is cut on purpose, has its own edge.
        const hasEdge = (element: Element): boolean => {
          for (let at = element.parentElement; at && at !== own; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== 'visible') return true
          return false
        }
        const out = [...own.querySelectorAll('*')].filter(element => {
          const { left, right, width } = element.getBoundingClientRect()
          const isOut = right > edge.right + 1 || left < edge.left - 1
          return width > 0 && isOut && isSeen(element) && !hasEdge(element)
        })
        const cut = [...own.querySelectorAll('.foot .one-line')].filter(
          element =>
            isSeen(element) &&
            (element.scrollWidth > element.clientWidth + 1 ||
              element.scrollHeight > element.clientHeight + 1)
        )
        return [...out, ...cut].map(said)
      })
      found.push(...beyond.map(text => `${view}: ${text}`))
    }
    expect(found).toEqual([])
  }
)
