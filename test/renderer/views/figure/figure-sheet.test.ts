import { createPinia } from 'pinia'
import { expect, it } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { drawnPanels, type OpenedPanel } from '#common/figure/panels/drawn-panels.ts'
import { letterings, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import FigureSheet from '../../../../src/renderer/src/views/figure/FigureSheet.vue'

const figure: SessionFigure = {
  ...{ kind: 'panels', id: 'f', name: 'Page', at: 1, version: '1' },
  ...{ preset: 'icml', widthMm: 171.45, points: null, font: 'sans', background: 'paper' },
  ...{ columns: 2, lettering: '(a)', oneScale: false },
  panels: ['p', 'q'].map(id => ({ id, title: null, columns: 1, caption: null, content: '' }))
}
const opened: OpenedPanel[] = ['Heads', ''].map(title => ({ title, columns: 1, drawing: 'none' }))

it('calls the panels of a page by letter or number, and by title', async () => {
  const names = async (lettering: SessionFigure['lettering']) => {
    const props = {
      ...{ figure: { ...figure, lettering }, opened, chosen: null, address: '' },
      ...{ drawn: drawnPanels(figure, opened), isLate: false, size: 'room', grey: false }
    }
    const app = createSSRApp(FigureSheet, props).use(createPinia())
    const html = await renderToString(app)
    return [...html.matchAll(/aria-label="(Panel [^"]*)"/g)].map(([, name]) => name)
  }
  expect(await Promise.all(letterings.map(names))).toEqual([
    ['Panel (a) Heads', 'Panel (b)'],
    ['Panel a Heads', 'Panel b'],
    ['Panel A Heads', 'Panel B'],
    ['Panel 1 Heads', 'Panel 2']
  ])
})
