import { describe, expect, it } from 'vitest'
import type { PanelContent } from '#common/figure/panels/panel-content.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { panelStanding } from '../../../src/renderer/src/stores/panel-standing.ts'

const of = {
  ...{ model: 'small', fingerprint: 'abc', input: { text: 'To be' }, edits: [] },
  ...{ provider: 'cpu', place: 'Head 0.1' }
}
const again = { view: 'attention', params: { layer: 0, head: 1 } }
const from: Provenance = { version: '1.0.0', of, less: null, precision: 'float16', again }
const content = (
  own: Partial<Provenance> = {},
  context: PanelContent['made']['context'] = { on: 'A', with: null }
): Pick<PanelContent, 'from' | 'made'> => ({
  from: { ...from, ...own },
  made: { view: 'head', context, note: '' }
})
const state = {
  model: { name: 'small', fingerprint: 'abc', formerly: [] as string[], computes: true },
  run: { input: { text: 'To be' }, edits: [] }
}
const edit = { hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }

describe('a panel', () => {
  it('is of what its group is about, or says what is another', () => {
    const told = (now: object) => panelStanding(content(), () => ({ ...state, ...now }))
    expect(told({})).toBeNull()
    expect(told({ model: null })).toBe('no model is shown in group A now')
    const large = { name: 'large', fingerprint: 'd', formerly: ['e'], computes: true }
    expect(told({ model: large })).toBe('of another model than large')
    expect(told({ model: { ...large, name: 'small' } })).toBe('of other files of small')
    expect(told({ run: { input: { ids: [1] }, edits: [] } })).toBe('of another text')
    expect(told({ run: { ...state.run, edits: [edit] } })).toBe('edited otherwise')
    expect(told({ run: null })).toBeNull()
  })

  it('is of a model also where that lies elsewhere since', () => {
    const moved = { name: 'small', fingerprint: 'd', formerly: ['c', 'abc'], computes: true }
    expect(panelStanding(content(), () => ({ ...state, model: moved }))).toBeNull()
  })

  it('of numbers that a session kept says so where its model computes', () => {
    const kept = content({ of: { ...of, kept: true } })
    const told = (computes: boolean) =>
      panelStanding(kept, () => ({ ...state, model: { ...state.model, computes } }))
    expect(told(true)).toBe('of numbers that were kept, where its model computes')
    expect(told(false)).toBeNull()
  })

  it('of the weights alone is of any text', () => {
    const weights = content({ of: { ...of, input: null } })
    const other = { ...state, run: { input: { text: 'Not' }, edits: [] } }
    expect(panelStanding(weights, () => other)).toBeNull()
  })

  it('that is compared says so of the other side, too', () => {
    const both = content(
      { beside: { ...of, model: 'large', fingerprint: 'd' } },
      { on: 'A', with: 'B' }
    )
    const groups: Readonly<Record<string, typeof state>> = {
      A: state,
      B: { ...state, model: { name: 'large', fingerprint: 'd', formerly: [], computes: true } }
    }
    expect(panelStanding(both, name => groups[name]!)).toBeNull()
    expect(panelStanding(both, () => state)).toBe('of another model than small')
  })

  it('of a figure of several models may be of another than is looked at, but of no other files of its name', () => {
    const told = (now: object) => panelStanding(content(), () => ({ ...state, ...now }), true)
    const large = { name: 'large', fingerprint: 'd', formerly: [], computes: true }
    expect(told({ model: large })).toBeNull()
    expect(told({ model: { ...large, name: 'small' } })).toBe('of other files of small')
    expect(told({ run: { input: { ids: [1] }, edits: [] } })).toBe('of another text')
  })

  it('that stays on its subject is what it was', () => {
    const subject = { model: { path: '/m', fingerprint: 'abc' }, at: {} }
    const own = content({}, { on: subject, with: null })
    expect(panelStanding(own, () => ({ model: null, run: null }))).toBeNull()
  })
})
