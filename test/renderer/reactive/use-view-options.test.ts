import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { z } from 'zod'
import { provideTab, useViewOptions } from '../../../src/renderer/src/reactive/use-view-options.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'

const Options = z.object({
  order: z.enum(['place', 'score']).catch('place'),
  shown: z.number().catch(3)
})

it('keeps what a view is set to with its tab, and takes the default for what it does not know', async () => {
  const pinia = createPinia()
  setActivePinia(pinia)
  const tabs = useTabs()
  const kept = { order: 'by the moon', shown: 5 }
  tabs.restore({
    tabs: [
      { id: 'one', type: 'attention', context: { on: 'A', with: null, options: kept } },
      { id: 'other', type: 'attention', context: { on: 'A', with: null }, preview: true }
    ],
    layout: null,
    active: 'one'
  })
  const one = await optionsIn('one')
  const other = await optionsIn('other')
  expect([{ ...one }, { ...other }]).toEqual([
    { order: 'place', shown: 5 },
    { order: 'place', shown: 3 }
  ])
  // Nothing was set: there is nothing to take back, and what was opened for a look may go.
  other.order = 'place'
  expect(tabs.find('other')).toMatchObject({ context: { on: 'A' }, preview: true })
  expect(tabs.find('other')?.context.options).toBeUndefined()
  tabs.setUnasked(() => (other.shown = 3))
  expect(tabs.find('other')?.context.options).toBeUndefined()
  tabs.setUnasked(() => (other.shown = 4))
  expect(tabs.find('other')).toMatchObject({ context: { options: { shown: 4 } }, preview: true })
  tabs.setUnasked(() => (other.shown = 3))
  other.order = 'score'
  expect(other).toEqual({ order: 'score', shown: 3 })
  expect(one.order).toBe('place')
  // What somebody has set up is not replaced by the next look.
  expect(tabs.find('other')).toEqual({
    id: 'other',
    type: 'attention',
    context: { on: 'A', with: null, options: { order: 'score', shown: 3 } }
  })

  async function optionsIn(id: string): Promise<z.output<typeof Options>> {
    let found: z.output<typeof Options> | null = null
    const view = { setup: () => ((found = useViewOptions(Options)), () => '') }
    const frame = { setup: () => (provideTab(() => id), () => h(view)) }
    await renderToString(createSSRApp(frame).use(pinia))
    return found!
  }
})
