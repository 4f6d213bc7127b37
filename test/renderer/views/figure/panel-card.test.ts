import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures } from '#common/figure/panels/session-figure.ts'
import { useModels } from '../../../../src/renderer/src/stores/models.ts'
import PanelCard from '../../../../src/renderer/src/views/figure/PanelCard.vue'
import { keptFigure } from '../../../common/figure/kind-examples.ts'
import { answering, model } from '../../fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({})
})
afterEach(() => vi.unstubAllGlobals())

/** What a card says of a panel of group A while that shows a model: its words, and what its button says. */
async function told(shown: ModelInfo) {
  const [figure] = sessionFigures(keptFigure)
  const [panel] = figure!.panels
  const content = await panelContent(panel!.content)
  const models = useModels()
  models.open = [shown]
  models.activate(shown.id, 'A')
  const app = createSSRApp(PanelCard, {
    ...{ figure, index: 0, panel, stale: null, ofModels: null, title: '', caption: '', faults: [] },
    content: {
      ...content,
      made: { ...content.made, context: { ...content.made.context, on: 'A' } }
    },
    chosen: false
  })
  const html = await renderToString(app)
  const [button = ''] = html.match(/<button[^>]*>(?=(?:(?!<\/button>)[^])*Draw anew)/) ?? []
  return {
    words: html.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' '),
    isOff: / disabled/.test(button),
    why: / title="([^"]*)"/.exec(button)?.[1]
  }
}

it('is drawn anew of a model that is there, whatever its files', async () => {
  expect(await told(model('m'))).toMatchObject({
    isOff: false,
    why: 'Takes what its view shows now in its place'
  })
})

it('is not drawn anew while a session stands in for the model that its view is of now', async () => {
  const away = await told(model('m', { absent: 'missing' }))
  expect(away).toMatchObject({
    isOff: true,
    why: 'Nothing is drawn anew while the model of group A is not there'
  })
  expect(away.words).toContain('the model of group A is not where it was')
  expect(away.words).toContain('Point to the model of group A…')
})

it('is drawn anew of what a session kept of one that is set aside', async () => {
  expect(await told(model('m', { absent: 'aside' }))).toMatchObject({ isOff: false })
})
