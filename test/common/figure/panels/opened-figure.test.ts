import { expect, it } from 'vitest'
import { openedFigure } from '#common/figure/panels/opened-figure.ts'
import {
  packedContent,
  panelContent,
  type PanelContent
} from '#common/figure/panels/panel-content.ts'
import { sessionFigures, type SessionFigure } from '#common/figure/panels/session-figure.ts'
import { keptFigure } from '../kind-examples.ts'

const [figure] = sessionFigures(keptFigure)
const contents = await Promise.all(figure!.panels.map(({ content }) => panelContent(content)))
const map = contents.find(({ drawing: { parts } }) => parts[0]!.kind === 'attention-map')!

/** A map whose colours go so far. */
function upTo(high: number, model = 'bard'): PanelContent {
  const [part] = map.drawing.parts
  const look = { ...part!.look, follows: true, range: { low: 0, high } }
  const of = { ...map.from!.of, model, fingerprint: model }
  return {
    ...map,
    drawing: { parts: [{ ...part!, look }], names: [] },
    from: { ...map.from!, of }
  }
}

async function panelOf(
  content: PanelContent,
  id: string
): Promise<SessionFigure['panels'][number]> {
  return { id, columns: 1, title: null, caption: null, content: await packedContent(content) }
}

async function captions(own: Partial<SessionFigure>): Promise<string[]> {
  const { from } = await openedFigure({ ...figure!, ...own }, { session: 's', version: '1' })
  return from.panels.map(({ caption }) => caption)
}

it('tells the range that is drawn in the captions that nobody changed', async () => {
  const panels = [await panelOf(upTo(0.25), 'a'), await panelOf(upTo(0.75), 'b')]
  const [first, second] = await captions({ panels, oneScale: false })
  expect(first).toContain('from 0 to 0.250;')
  expect(second).toContain('from 0 to 0.750;')
  const shared = await captions({ panels, oneScale: true })
  expect(shared).toEqual([first!.replace('from 0 to 0.250;', 'from 0 to 0.750;'), second])
  const written = { ...panels[0]!, caption: `${first} Mine.` }
  expect((await captions({ panels: [written, panels[1]!], oneScale: true }))[0]).toBe(
    `${first} Mine.`
  )
})
