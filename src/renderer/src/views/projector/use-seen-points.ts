import { computed, ref } from 'vue'
import { turnedBy, type Angle } from '#common/figure/orbit.ts'
import { boundsOf, pointsWithin } from '../../ui/space/plane.ts'
import { seenFrom, spaceOf } from './space.ts'
import type { ProjectorOptions } from './projector-options.ts'
import type { Projection } from './use-projection.ts'

/**
 * Where points are seen: those in the plane as they are, those in space from an angle; and which have been drawn around.
 * @param whole all points whose place in the picture is to stay the same, those that are shown among them
 */
export function useSeenPoints(
  shown: () => Projection | null,
  whole: () => Projection | null,
  options: ProjectorOptions
) {
  const around = computed(() => {
    const all = whole()?.points
    return all?.dimensions === 3 ? spaceOf(all.places) : null
  })
  const space = computed(() => {
    const own = shown()?.points
    return around.value && own ? { ...around.value, places: own.places } : null
  })
  /** While it is turned. */
  const turning = ref<Angle | null>(null)
  /** Null in the plane. */
  const angle = computed(() => space.value && (turning.value ?? options.angle))
  const seen = computed(() => {
    if (space.value && angle.value) return seenFrom(space.value, angle.value)
    const own = shown()?.points
    return own ? { places: own.places, depths: null } : null
  })
  /** As they are seen: a ball that holds them from whatever angle leaves half of a wide room empty. */
  const bounds = computed(() => {
    if (around.value && angle.value) {
      const isWhole = space.value?.places === around.value.places
      return boundsOf((isWhole ? seen.value! : seenFrom(around.value, angle.value)).places)
    }
    return boundsOf(whole()?.points.places ?? new Float32Array(0))
  })

  const lasso = computed(() => (options.lasso?.of === shown()?.key ? options.lasso : null))
  /** As it was drawn: of a space that was turned since there is no line any more, but what was within stays. */
  const within = computed(() => {
    const own = shown()?.points
    if (!own || !lasso.value) return []
    const { outline, angle } = lasso.value
    const { places } = space.value && angle ? seenFrom(space.value, angle) : own
    return pointsWithin(places, outline)
  })
  const outline = computed(() => {
    if (lasso.value === null) return []
    const { angle: from, outline } = lasso.value
    const isTurned = from?.turn !== angle.value?.turn || from?.tip !== angle.value?.tip
    return isTurned ? [] : outline
  })

  return {
    ...{ angle, seen, bounds, within, outline },
    isDrawnAround: computed(() => lasso.value !== null),
    /** By pixels since a drag began. */
    turn(right: number, down: number): void {
      turning.value = turnedBy(options.angle, right, down)
    },
    rest(): void {
      if (turning.value !== null) options.angle = turning.value
      turning.value = null
    },
    draw(corners: number[]): void {
      const own = shown()
      options.lasso =
        corners.length === 0 || !own
          ? null
          : { of: own.key, outline: corners, angle: angle.value && { ...angle.value } }
    }
  }
}
