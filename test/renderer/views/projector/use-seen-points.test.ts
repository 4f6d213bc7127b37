import { expect, it } from 'vitest'
import { reactive } from 'vue'
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
