import { expect, it } from 'vitest'
import { nextTick, reactive } from 'vue'
import { objectSet, type ObjectSet } from '#common/model/object-set.ts'
import { ProjectorOptions } from '../../../../src/renderer/src/views/projector/projector-options.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import type { Projection } from '../../../../src/renderer/src/views/projector/use-projection.ts'
import { useSeenPoints } from '../../../../src/renderer/src/views/projector/use-seen-points.ts'

/** A line of three points along an axis of space, and of these the first alone. */
const line = Float32Array.of(-4, 0, 0, 0, 0, 0, 4, 0, 0)
const projection = (places: Float32Array) =>
  ({ key: 'line', points: { dimensions: 3, places } }) as unknown as Projection

it('has the bounds of all points as they are turned, of which some are seen', () => {
  const options = reactive(ProjectorOptions.parse({ angle: { turn: 0, tip: 0 } }))
  for (const shown of [line, line.slice(0, 3)]) {
    const seen = useSeenPoints(
      () => ({ model: null, selected: null }) as ViewSubject,
      () => projection(shown),
      () => projection(line),
      options
    )
    options.angle = { turn: 0, tip: 0 }
    expect(seen.bounds.value).toEqual({ left: -4, right: 4, bottom: 0, top: 0 })
    // Half a circle is 300 pixels: seen from a sixth of a circle aside it is half as long.
    seen.turn(100, 0)
    expect(seen.bounds.value.left).toBeCloseTo(-2, 5)
    seen.rest()
    expect(options.angle.turn).toBeCloseTo(Math.PI / 3, 12)
    expect(seen.bounds.value.right).toBeCloseTo(2, 5)
  }
})

/** Four heads in the plane, and what is selected of them. */
function heads(selected: ObjectSet | null, lasso: ProjectorOptions['lasso'] = null) {
  const options = reactive(ProjectorOptions.parse({ lasso }))
  const subject = reactive({ model: null, run: null, selected, untold: null as ObjectSet | null })
  const own = {
    key: 'heads',
    points: {
      ...{ dimensions: 2, places: Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1), set: 'W_Q' },
      ...{ index: Int32Array.of(0, 1, 0, 1), layer: Int32Array.of(0, 0, 1, 1) }
    }
  } as unknown as Projection
  const points = useSeenPoints(
    () =>
      ({
        ...subject,
        selectTogether: (set: ObjectSet | null) => (subject.selected = set),
        selectUntold: (set: ObjectSet | null) => (subject.untold = set)
      }) as unknown as ViewSubject,
    () => own,
    () => own,
    options
  )
  return { options, subject, points }
}
/** Around the first two. */
const outline = [-1, -1, 2, -1, 2, 0.5, -1, 0.5]

it('selects what a line is drawn around, and leaves what is selected as Undo takes the line back', async () => {
  const { options, subject, points } = heads(null)
  points.draw(outline)
  expect(subject.selected?.ids).toEqual(['0.0', '0.1'])
  expect(points.outline.value).toEqual(outline)
  const before = options.lasso
  subject.selected = objectSet('head', ['1.1'])
  options.lasso = null
  await nextTick()
  expect(subject.selected?.ids).toEqual(['1.1'])
  options.lasso = before
  await nextTick()
  expect(subject.selected?.ids).toEqual(['1.1'])
  expect(points.outline.value).toEqual([])
  points.draw([])
  expect(subject.selected).toBeNull()
})

it('tells what is within a line that was drawn before', () => {
  const { subject } = heads(null, { of: 'heads', outline, angle: null })
  expect(subject.untold?.ids).toEqual(['0.0', '0.1'])
  expect(subject.selected).toBeNull()
  expect(heads(null, { of: 'others', outline, angle: null }).subject.untold).toBeNull()
})
