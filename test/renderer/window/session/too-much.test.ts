import { expect, it } from 'vitest'
import type { SessionFigure } from '#common/figure/panels/session-figure.ts'
import { Json } from '#common/model/json.ts'
import { sessionLimits, type SessionContent } from '#common/model/session.ts'
import { tooMuch } from '../../../../src/renderer/src/window/session/too-much.ts'

const long = 'x'.repeat(sessionLimits.characters)
const empty: SessionContent = {
  ...{ window: {}, library: [], runs: [], notes: [], findings: [], figures: [] }
}
const figure = (name: string, content: string): SessionFigure => ({
  ...{ kind: 'panels', id: name, name, at: 0, version: '1', preset: 'icml', widthMm: 80 },
  ...{ points: null, font: 'sans', background: 'paper', columns: 1, lettering: 'a' },
  oneScale: false,
  panels: [{ id: 'p', title: '', columns: 1, caption: '', content }]
})

it('names what takes most, and what makes that less', () => {
  const figures = [figure('Small', 'x'), figure('Large', long)].map(own => Json.parse(own))
  const error = tooMuch({ ...empty, figures })
  expect(error.message).toMatch(
    /^The session would hold 3\.00 MB, at most 3\.00 MB go into one: its/
  )
  expect(error.message).toContain('its figures take 3.00 MB')
  expect(error.hint).toMatch(/remove them, or panels of long texts; “Large” takes most\.$/)
})

it('says of each part what can be done', () => {
  const text = { kind: 'text' as const, name: 'Book', input: { text: long } }
  const source = {
    ...{ model: { path: '/a', fingerprint: 'f' }, input: { text: long }, edits: [] },
    provider: 'cpu' as const
  }
  const note = { id: '1', on: null, markdown: long, at: 0 }
  const parts: readonly (readonly [Partial<SessionContent>, RegExp])[] = [
    [{ library: [text] }, /texts with a name take .* make a corpus of them; “Book” takes most/],
    [{ runs: [{ source, modelName: 'a', at: 0 }] }, /texts that ran take .* “x{30}” takes most/],
    [{ window: { texts: long } }, /of its tabs take .* make a corpus of them/],
    [{ notes: [note] }, /its notes take .* as Markdown/],
    [{ findings: [long] }, /its findings take .* a report/]
  ]
  for (const [part, said] of parts) {
    const { message, hint } = tooMuch({ ...empty, ...part })
    expect(`${message} ${hint}`).toMatch(said)
  }
})
