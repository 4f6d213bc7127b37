import { afterEach, expect, it } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import { packedContent, panelContent } from '#common/figure/panels/panel-content.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import { useOpenedPanels } from '../../../../src/renderer/src/views/figure/use-opened-panels.ts'
import { keptFigure } from '../../../common/figure/kind-examples.ts'

const scope = effectScope()
afterEach(() => scope.stop())

it('a panel that had no room beside others is read once one of them is removed, or stands behind it', async () => {
  const [kept] = sessionFigures(keptFigure)
  const [first] = kept!.panels
  const content = await panelContent(first!.content)
  const names = ['a', 'b', 'c']
  const panels: SessionFigure['panels'][number][] = []
  for (const name of names) {
    const large = { ...content, title: name.repeat(2 ** 20) }
    panels.push({ ...first!, id: name, content: await packedContent(large) })
  }
  const figure = shallowRef<SessionFigure>({ ...kept!, panels })
  // Room for two of them.
  const { opened, contentOf } = scope.run(() => useOpenedPanels(() => figure.value, 2.5 * 2 ** 20))!
  const refused = () =>
    names.filter((_, i) => typeof contentOf(panels[i]!.content) === 'string').join('')
  await expect.poll(() => opened.value?.length).toBe(3)
  expect(refused()).toBe('c')
  figure.value = { ...figure.value, panels: panels.toReversed() }
  await expect.poll(refused).toBe('a')
  figure.value = { ...figure.value, panels: panels.slice(0, 2) }
  await expect
    .poll(() => opened.value?.map(({ drawing }) => typeof drawing))
    .toEqual(['object', 'object'])
})
