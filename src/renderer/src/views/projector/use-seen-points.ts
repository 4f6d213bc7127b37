import { computed, ref, watch } from 'vue'
import { turnedBy, type Angle } from '#common/figure/orbit.ts'
import { boundsOf } from '#common/figure/plane-bounds.ts'
import { memoryOf, seenFrom, spaceOf } from '#common/figure/space.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { pointsWithin } from '../../ui/space/plane.ts'
import type { ProjectorOptions } from './projector-options.ts'
import { isKnownElsewhere, objectsOf, readersOf, selectedPoints } from './selected-points.ts'
import type { Projection } from './use-projection.ts'

/**
 * Where points are seen: those in the plane as they are, those in space from an angle; and which are selected together, by
 * what is drawn around them or elsewhere.
 * @param whole all points whose place in the picture is to stay the same, those that are shown among them
 */
export function useSeenPoints(
  subject: () => ViewSubject,
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
  const memory = computed(() => space.value && memoryOf(space.value))
  const seen = computed(() => {
    if (space.value && angle.value && memory.value)
      return seenFrom(space.value, angle.value, memory.value)
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

  const readers = computed(() => {
    const set = shown()?.points.set
    return set ? readersOf(set, subject().model?.config) : 1
  })
  const lasso = computed(() => (options.lasso?.of === shown()?.key ? options.lasso : null))
  /** As it was drawn: of a space that was turned since there is no line any more, but what was within stays. */
  const drawn = computed(() => {
    const own = shown()?.points
    if (!own || !lasso.value) return []
    const { outline, angle } = lasso.value
    const { places } = space.value && angle ? seenFrom(space.value, angle) : own
    return pointsWithin(places, outline)
  })
  const within = computed(() => {
    const own = shown()?.points
    if (!own) return []
    return isKnownElsewhere(own.set) ? selectedPoints(own, subject(), readers.value) : drawn.value
  })
  /** None once something else is selected. */
  const outline = computed(() => {
    const [a, b] = [drawn.value, within.value]
    if (lasso.value === null || a.length !== b.length || a.some((point, i) => point !== b[i]))
      return []
    const { angle: from, outline } = lasso.value
    const isTurned = from?.turn !== angle.value?.turn || from?.tip !== angle.value?.tip
    return isTurned ? [] : outline
  })

  /** What other views know of what is within the line; null where there is none, or nothing that they know. */
  const objects = computed(() => {
    const own = shown()?.points
    return own && lasso.value && isKnownElsewhere(own.set)
      ? objectsOf(own, drawn.value, readers.value)
      : null
  })
  // One that is there already selects nothing by itself, unless there is nothing else that tells what was selected.
  watch(
    objects,
    () => {
      if (objects.value) subject().selectUntold(objects.value)
    },
    { immediate: true }
  )

  return {
    ...{ angle, seen, bounds, within, outline },
    /** By pixels since a drag began. */
    turn(right: number, down: number): void {
      turning.value = turnedBy(options.angle, right, down)
    },
    rest(): void {
      if (turning.value !== null) options.angle = turning.value
      turning.value = null
    },
    /** @param corners none to select nothing together any more */
    draw(corners: number[]): void {
      const own = shown()
      options.lasso =
        corners.length === 0 || !own
          ? null
          : { of: own.key, outline: corners, angle: angle.value && { ...angle.value } }
      if (lasso.value === null || isKnownElsewhere(own!.points.set))
        subject().selectTogether(objects.value)
    }
  }
}
