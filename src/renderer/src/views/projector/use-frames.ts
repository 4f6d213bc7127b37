import { computed, onScopeDispose, ref, watch } from 'vue'
import { useMedia } from '../../reactive/use-media.ts'
import { useTabs } from '../../stores/tabs.ts'
import { frameAt, frameCount } from '#common/analysis/project/layer-frames.ts'
import type { ProjectorOptions } from './projector-options.ts'
import type { Projection } from './use-projection.ts'

/** Milliseconds from one layer to the next. */
const perLayer = 900

/** Tokens through the layers: which layer is seen, and whether it goes on by itself. */
export function useFrames(shown: () => Projection | null, options: ProjectorOptions) {
  const tabs = useTabs()
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  const count = computed(() => {
    const points = shown()?.points
    return points ? frameCount(points) : null
  })
  const last = computed(() => (count.value ?? 1) - 1)
  /** While it plays: where it is between two layers. */
  const moving = ref<number | null>(null)
  const at = computed(() => Math.min(last.value, moving.value ?? options.frame))
  const playing = computed(() => moving.value !== null)

  const framed = computed<Projection | null>(() => {
    const own = shown()
    if (own === null || count.value === null) return own
    return { key: own.key, points: frameAt(own.points, count.value, at.value) }
  })

  let request = 0
  let before = 0
  /** Where it would be if nothing kept it on whole layers. */
  let reached = 0
  function step(now: number): void {
    reached = Math.min(last.value, reached + (now - before) / perLayer)
    before = now
    const next = isStill.value ? Math.floor(reached) : reached
    if (next !== moving.value) moving.value = next
    if (reached < last.value) request = requestAnimationFrame(step)
    else tabs.setUnasked(pause)
  }
  /** From the first layer again once it has come to the last. */
  function play(): void {
    reached = at.value >= last.value ? 0 : at.value
    moving.value = reached
    before = performance.now()
    request = requestAnimationFrame(step)
  }
  function pause(): void {
    cancelAnimationFrame(request)
    if (moving.value !== null) options.frame = Math.round(at.value)
    moving.value = null
  }
  function show(frame: number): void {
    pause()
    options.frame = frame
  }
  // Other points begin anew, and nothing plays where there is nothing to.
  watch(
    () => shown()?.key,
    () => tabs.setUnasked(pause)
  )
  onScopeDispose(() => cancelAnimationFrame(request))

  return { count, at, playing, framed, play, pause, show }
}
