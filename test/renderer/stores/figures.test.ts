import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, watch } from 'vue'
import { axis, dataset, withDrawn } from '#common/data/dataset.ts'
import { drawing } from '#common/figure/drawing.ts'
import { attentionMap, type AttentionMapData } from '#common/figure/attention-map.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { openedPanels } from '#common/figure/panels/opened-figure.ts'
import { panelContent } from '#common/figure/panels/panel-content.ts'
import { panelNumbers } from '#common/figure/panels/panel-numbers.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { useExports, type SavedFigure } from '../../../src/renderer/src/stores/exports.ts'
import { useFigurePanels } from '../../../src/renderer/src/stores/figure-panels.ts'
import { useFigures } from '../../../src/renderer/src/stores/figures.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useSession } from '../../../src/renderer/src/stores/session.ts'
import { useTabs, type Tab } from '../../../src/renderer/src/stores/tabs.ts'
import { readsOf } from '../../../src/renderer/src/window/session/named-reads.ts'
import { answering, model, run } from '../fake-client.ts'

/** A thread as the one that chooses the numbers of a panel. */
class NumbersThread extends EventTarget {
  postMessage(request: Parameters<typeof panelNumbers>): void {
    const data = panelNumbers(...request)
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data })))
  }
  terminate(): void {}
}

const other = { kind: 'of another version' }
const small = model('small', { fingerprint: 'abc' })
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({
    'models.open': () => small,
    'models.recent': () => [],
    'text.tokenize': () => [],
    'runs.start': ({ source }) => run(small, 'text' in source.input ? source.input.text : '')
  })
  useSession().figures = [other]
  useFigurePanels().start(readsOf)
})
afterEach(() => vi.unstubAllGlobals())

/** The panels of a figure as they are printed. */
async function printed(id: string) {
  const figure = useFigures().find(id)!
  const contents = await Promise.all(figure.panels.map(({ content }) => panelContent(content)))
  return openedPanels(figure, contents)
}
const titlesOf = async (id: string) => (await printed(id)).map(({ title }) => title)
const captionOf = async (id: string, panel: number) => (await printed(id))[panel]!.caption

const tab: Tab = { id: 't', type: 'head', context: { on: 'A', with: null } }
const from = (place: string, text: string): Provenance => ({
  version: '1.0.0',
  of: {
    ...{ model: 'small', fingerprint: 'abc', input: { text }, edits: [] },
    ...{ provider: 'cpu', place }
  },
  ...{ less: null, precision: 'float16' },
  again: { view: 'attention', params: { layer: 0, head: 1 } }
})
/** A map of so many tokens, of noise, which takes as much room as it has numbers. */
function map(place: string, tokens = 2, text = 'To be'): SavedFigure {
  let seed = 1
  const noise = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  const data: AttentionMapData = {
    title: null,
    pattern: Float32Array.from({ length: tokens * tokens }, noise),
    ...{ quantity: 'weight', unit: null, visibility: null, firstHidden: false, mirrored: false },
    tokens: Array.from({ length: tokens }, () => ({ piece: 'a', text: 'a', special: false })),
    ...{ view: null, marked: { queries: [], keys: [] }, profiles: null }
  }
  const look: Look = {
    ...paperLook,
    ...{ colorMap: 'magma', scale: 'sqrt', follows: true, pooling: 'maximum' },
    range: { low: 0, high: 1 }
  }
  const title = `small · ${place}`
  return {
    is: 'figure',
    title,
    note: '',
    from: from(place, text),
    ...drawing(attentionMap, data, look)
  }
}

describe('figures of the session', () => {
  it('are made, named once each, and removed; those of another version stay', () => {
    const figures = useFigures()
    const [first, second] = [figures.add('1.0.0'), figures.add('1.0.0')]
    expect(figures.all.map(({ name }) => name)).toEqual(['Figure 1', 'Figure 2'])
    figures.rename(second, ' Heads ')
    figures.rename(first, 'Heads')
    expect(figures.all.map(({ name }) => name)).toEqual(['Heads 1', 'Heads'])
    figures.rename(first, ' ')
    expect(figures.find(first)?.name).toBe('Heads 1')
    figures.remove(first)
    expect(useSession().figures).toMatchObject([other, { name: 'Heads' }])
  })

  it('take the widest of a preset', () => {
    const figures = useFigures()
    const id = figures.add('1.0.0')
    figures.change(id, { points: 12 })
    figures.setPreset(id, 'icml')
    expect(figures.find(id)).toMatchObject({ preset: 'icml', widthMm: 171.45, points: null })
    figures.setPreset(id, 'screen')
    expect(figures.find(id)?.widthMm).toBe(171.45)
    figures.setPreset(id, 'tex')
    expect(figures.find(id)).toMatchObject({ widthMm: 121.25, font: 'computer-modern' })
    figures.setPreset(id, 'icml')
    expect(figures.find(id)?.font).toBe('sans')
  })

  it('have panels of what tabs show, in any order', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    const heading = '(a) Head 0.1'
    const taken = { figure: id, heading, left: [] }
    expect(await panels.take(id, tab, map('Head 0.1'))).toEqual(taken)
    expect(await panels.take(id, tab, map('Head 0.2'))).toMatchObject({ heading: '(b) Head 0.2' })
    const titles = () => titlesOf(id)
    figures.movePanel(id, 0, 1)
    expect(await titles()).toEqual(['Head 0.2', 'Head 0.1'])
    figures.movePanel(id, 0, 2)
    figures.movePanel(id, 0, -1)
    expect(await titles()).toEqual(['Head 0.2', 'Head 0.1'])
    const [, last] = figures.find(id)!.panels
    expect(await panelContent(last!.content)).toMatchObject({
      title: 'small · Head 0.1',
      made: { view: 'head', context: tab.context }
    })
    expect(await captionOf(id, 1)).toContain('Head 0.1 of small')
    figures.removePanel(id, last!.id)
    expect(await titles()).toEqual(['Head 0.2'])
  })

  it('leave no column blank whose panel is removed', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    for (const place of ['Head 0.1', 'Head 0.2', 'Head 0.3']) await panels.take(id, tab, map(place))
    figures.change(id, { columns: 3 })
    const remove = () => {
      figures.removePanel(id, figures.find(id)!.panels[0]!.id)
      return figures.find(id)!.columns
    }
    expect([remove(), remove(), remove()]).toEqual([2, 1, 1])
  })

  it('have whole columns, also where panels are wider than some', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    for (const place of ['Head 0.1', 'Head 0.2', 'Head 0.3']) await panels.take(id, tab, map(place))
    figures.change(id, { columns: 4 })
    const [first, second] = figures.find(id)!.panels
    figures.changePanel(id, second!.id, { columns: 1.25 })
    figures.removePanel(id, first!.id)
    // 1.25 and 1 fill more than two.
    expect(figures.find(id)!.columns).toBe(3)
  })

  it('tell in the title of a panel which view it is of where another is of the same', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    const shown = (view: string, note = '') => ({
      ...map('Head 0.1'),
      ...{ title: `small · Head 0.1 · ${view}`, note }
    })
    for (const own of [shown('attention'), shown('lines'), shown('weights', 'bars')])
      await panels.take(id, tab, own)
    const titles = () => titlesOf(id)
    expect(await titles()).toEqual(['Head 0.1', 'Head 0.1, lines', 'Head 0.1, bars'])
    // What is called as the place is tells nothing more.
    const same = figures.add('1.0.0')
    for (let i = 0; i < 2; i++) await panels.take(same, tab, shown('attention', 'Head 0.1'))
    expect(await titlesOf(same)).toEqual(['Head 0.1', 'Head 0.1'])
  })

  it('say which model they are of as soon as one of another is there, where nobody wrote their titles', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    for (const place of ['Head 0.1', 'Head 0.2']) await panels.take(id, tab, map(place))
    figures.changePanel(id, figures.find(id)!.panels[1]!.id, { title: 'Mine' })
    const of = { ...from('Head 0.1', 'To be').of, model: 'large', fingerprint: 'def' }
    const large = { ...map('Head 0.1'), from: { ...from('Head 0.1', 'To be'), of } }
    const { heading } = await panels.take(id, tab, large)
    expect(heading).toBe('(c) Head 0.1 of large')
    const titles = () => titlesOf(id)
    expect(await titles()).toEqual(['Head 0.1 of small', 'Mine', 'Head 0.1 of large'])
    await panels.take(id, tab, { ...large, title: 'large · Head 0.1 · lines' })
    expect((await titles())[3]).toBe('Head 0.1 of large, lines')
    const drafts = figures.find(id)!.panels.map(({ title, caption }) => [title, caption])
    expect(drafts).toEqual([
      [null, null],
      ['Mine', null],
      [null, null],
      [null, null]
    ])
    for (const { id: panel } of figures.find(id)!.panels.slice(2)) figures.removePanel(id, panel)
    expect(await titles()).toEqual(['Head 0.1', 'Mine'])
  })

  it('keep what was written, also nothing, and are drafted again where that is asked for', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    for (const place of ['Head 0.1', 'Head 0.2']) await panels.take(id, tab, map(place))
    const [first, second] = figures.find(id)!.panels
    // What was drafted once, and is written now.
    figures.changePanel(id, first!.id, { title: 'Head 0.1 of small', caption: '' })
    figures.changePanel(id, second!.id, { title: '' })
    expect(await titlesOf(id)).toEqual(['Head 0.1 of small', ''])
    expect(await captionOf(id, 0)).toBe('')
    figures.changePanel(id, first!.id, { title: null, caption: null })
    expect(await titlesOf(id)).toEqual(['Head 0.1', ''])
    expect(await captionOf(id, 0)).toContain('Head 0.1 of small')
  })

  it('draft a title anew that was drafted with its view, as it is told then', async () => {
    const [figures, panels, exports] = [useFigures(), useFigurePanels(), useExports()]
    useTabs().tabs = [tab]
    await useModels().openPath(small.path)
    const id = figures.add('1.0.0')
    const lines = (place: string) => ({ ...map(place), title: `small · ${place} · lines` })
    for (const own of [map('Head 0.1'), lines('Head 0.1')]) await panels.take(id, tab, own)
    const titles = () => titlesOf(id)
    expect(await titles()).toEqual(['Head 0.1', 'Head 0.1, lines'])
    const anew = async (place: string) => {
      exports.formats.set(tab.id, [lines(place)])
      const { id: panel, content } = figures.find(id)!.panels[1]!
      panels.drawAnew(id, panel, await panelContent(content))
      await expect.poll(() => captionOf(id, 1)).toContain(place)
    }
    await anew('Head 1.1')
    expect(await titles()).toEqual(['Head 0.1', 'Head 1.1'])
    await anew('Head 0.1')
    expect(await titles()).toEqual(['Head 0.1', 'Head 0.1, lines'])
  })

  it('have titles of 500 letters at most, in which nothing is hidden', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    await panels.take(id, tab, map(`\u202eHead ${'1'.repeat(600)}`))
    const [title] = await titlesOf(id)
    expect(title).toHaveLength(500)
    expect(title).not.toContain('\u202e')
  })

  it('are new with the panel that they are made for at once, and not where there is none', async () => {
    const panels = useFigurePanels()
    let changes = 0
    watch(
      () => useSession().figures,
      () => changes++
    )
    const { figure, heading } = await panels.take(null, tab, map('Head 0.1'))
    await nextTick()
    expect(heading).toBe('(a) Head 0.1')
    expect(useFigures().find(figure)?.panels).toHaveLength(1)
    expect(changes).toBe(1)
    await expect(panels.take(null, tab, map('Head 0.1', 700))).rejects.toThrow('may take')
    expect(useFigures().all).toHaveLength(1)
  })

  it('keep the numbers that they draw, and which these are', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const given = (about: string) => {
      const own = { axes: [], data: Int32Array.of(1), unit: '', about }
      return withDrawn(dataset({}, { one: own, other: own }), ['other'])
    }
    const id = figures.add('1.0.0')
    for (const note of ['', 'part'])
      await panels.take(id, tab, { ...map('Head 0.1'), note, dataset: () => given(note) })
    await panels.take(id, tab, map('Head 0.1'))
    const kept = await Promise.all(
      figures.find(id)!.panels.map(({ content }) => panelContent(content))
    )
    expect(kept.map(({ numbers }) => numbers)).toEqual([given(''), given('part'), null])
  })

  it('keep of many numbers those that they are drawn of, and tell of the others', async () => {
    vi.stubGlobal('Worker', NumbersThread)
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const drawn = map('Head 0.1', 160)
    const { pattern } = drawn.kept()!.parts[0]!.data as AttentionMapData
    const of = { axes: ['query', 'key'], unit: '', about: '' }
    const large = { axes: ['query', 'key', 'dim'], unit: '', about: '' }
    const whole = dataset(
      { query: axis(160), key: axis(160), dim: axis(2) },
      {
        gradient: { ...large, data: Float32Array.from({ length: 2 * 160 ** 2 }, Math.random) },
        weight: { ...of, data: Float32Array.from(pattern) }
      }
    )
    const figure = { ...drawn, dataset: () => withDrawn(whole, ['gradient', 'weight']) }
    const id = figures.add('1.0.0')
    expect(await panels.take(id, tab, figure)).toMatchObject({ left: ['gradient'] })
    const kept = await panelContent(figures.find(id)!.panels[0]!.content)
    expect(kept.left).toEqual(['gradient'])
    expect(kept.numbers!.variables['weight']).toMatchObject({ drawn: true })
    expect(Object.keys(kept.numbers!.variables)).toEqual(['weight'])
    expect(kept.numbers!.variables['weight']!.data).toEqual(Float32Array.from(pattern))
  })

  it('refuse what a session has no room for', async () => {
    const [figures, panels] = [useFigures(), useFigurePanels()]
    const id = figures.add('1.0.0')
    // Four bytes a number, of which a few bits are no noise, and a third more in base64.
    await expect(panels.take(id, tab, map('Head 0.1', 700))).rejects.toMatchObject({
      message: expect.stringMatching(
        /The figures of a session may take 2\.0 MB: this panel would take 2\.\d MB, the others take 0\.0 MB/
      ) as string,
      hint: expect.stringMatching(/too much for any: export it as a file/) as string
    })
    expect(figures.find(id)?.panels).toEqual([])
    await panels.take(id, tab, map('Head 0.1', 500))
    await expect(panels.take(id, tab, map('Head 0.2', 500))).rejects.toMatchObject({
      hint: expect.stringMatching(
        /remove panels of it; panel \(a\) of “Figure 1” takes most/
      ) as string
    })
  })

  it('are drawn anew from what their view shows, but for what was written by hand', async () => {
    const [figures, panels, exports, tabs] = [
      useFigures(),
      useFigurePanels(),
      useExports(),
      useTabs()
    ]
    tabs.tabs = [tab]
    await useModels().openPath(small.path)
    const id = figures.add('1.0.0')
    for (const place of ['Head 0.1', 'Head 0.2']) await panels.take(id, tab, map(place))
    const [first, second] = figures.find(id)!.panels
    figures.changePanel(id, second!.id, { title: 'Mine' })
    exports.formats.set(tab.id, [map('Head 1.1')])
    for (const [i, { id: panel, content }] of [first!, second!].entries()) {
      panels.drawAnew(id, panel, await panelContent(content))
      await expect.poll(() => captionOf(id, i)).toContain('Head 1.1')
    }
    expect(await titlesOf(id)).toEqual(['Head 1.1', 'Mine'])
    expect(panels.awaited).toBeNull()
  })

  it('say what of the library they are drawn of, also once they are drawn anew of something else', async () => {
    const [figures, panels, exports, tabs] = [
      useFigures(),
      useFigurePanels(),
      useExports(),
      useTabs()
    ]
    const atlas = (over: string): Tab => ({
      ...{ id: 'atlas', type: 'head-atlas' },
      context: { on: 'A', with: null, options: { over, form: 'map' } }
    })
    await useModels().openPath(small.path)
    const id = figures.add('1.0.0')
    await panels.take(id, tab, map('Head 0.1'))
    await panels.take(id, atlas('Plays'), map('All heads'))
    const reads = () => figures.find(id)!.panels.map(own => own.reads)
    expect(reads()).toEqual([[], [{ kind: 'corpus', name: 'Plays' }]])
    tabs.tabs = [atlas('Letters')]
    exports.formats.set('atlas', [map('All of them')])
    const { id: panel, content } = figures.find(id)!.panels[1]!
    panels.drawAnew(id, panel, await panelContent(content))
    await expect.poll(reads).toEqual([[], [{ kind: 'corpus', name: 'Letters' }]])
  })

  it('wait for their view where it shows what was there before', async () => {
    const [figures, panels, exports] = [useFigures(), useFigurePanels(), useExports()]
    useTabs().tabs = [tab]
    await useModels().openPath(small.path)
    const id = figures.add('1.0.0')
    await panels.take(id, tab, map('Head 0.1'))
    exports.formats.set(tab.id, [map('Head 0.1')])
    useRuns().text = 'Or not'
    await useRuns().start()
    const [panel] = figures.find(id)!.panels
    panels.drawAnew(id, panel!.id, await panelContent(panel!.content))
    await new Promise(resolve => setTimeout(resolve))
    expect(panels.awaited).not.toBeNull()
    exports.formats.set(tab.id, [map('Head 0.1', 2, 'Or not')])
    await expect.poll(() => captionOf(id, 0)).toContain('Or not')
    expect(panels.awaited).toBeNull()
  })
})
