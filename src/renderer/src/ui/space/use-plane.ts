import { computed, onScopeDispose, ref, type Ref } from 'vue'
import type { Bounds } from '#common/figure/plane-bounds.ts'
import { z } from 'zod'
import { useSize } from '../../reactive/use-size.ts'
import { useZoomable } from '../../reactive/use-zoomable.ts'
import {
  pannedPlane,
  placeAt,
  revealingPlane,
  wholePlane,
  zoomedPlane,
  type Plane
} from './plane.ts'

/** Pixels of a drag that an arrow key turns as far as. */
const keyTurn = 12

/** How far arrow keys turn what is seen in space, as pixels of a drag to the right and down. */
export const keyTurns: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-keyTurn, 0],
  ArrowRight: [keyTurn, 0],
  ArrowUp: [0, -keyTurn],
  ArrowDown: [0, keyTurn]
}

/** What the canvas of a plane gives those who draw on it. */
export interface PlaneSurface {
  readonly root: HTMLElement | null
  /** The graphics processor's. */
  readonly base: HTMLCanvasElement | null
  wantFrame: (this: void) => void
}

/** A part of a plane as it is kept: its middle, and how much of the plane the shorter side of its room shows. */
export const SeenPart = z.object({ x: z.number(), y: z.number(), span: z.number().positive() })
export type SeenPart = z.output<typeof SeenPart>

/** How long what is seen stays as it is before it is kept, in ms: while one zooms it changes with each frame. */
const restTime = 200

/**
 * The part of a plane that is seen in an element: moved, zoomed by wheel, keys and buttons, and seen as a whole again.
 * @param bounds around all that there is
 * @param kept where what is seen is kept; null for all of it
 */
export function usePlane(
  root: Ref<HTMLElement | null>,
  bounds: () => Bounds,
  kept: Ref<SeenPart | null> = ref(null)
) {
  const room = useSize(root)
  const side = computed(() => Math.max(1, Math.min(room.value.width, room.value.height)))
  const whole = computed(() => wholePlane(bounds(), room.value))
  /** Not kept yet. */
  const moving = ref<Plane | null>(null)
  const moved = computed<Plane | null>(() => {
    if (moving.value !== null || kept.value === null) return moving.value
    const { x, y, span } = kept.value
    return { x, y, scale: side.value / span }
  })
  const plane = computed(() => moved.value ?? whole.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  function move(next: Plane): void {
    moving.value = next
    clearTimeout(timer)
    timer = setTimeout(keep, restTime)
  }
  function keep(): void {
    clearTimeout(timer)
    if (moving.value === null) return
    const { x, y, scale } = moving.value
    kept.value = { x, y, span: side.value / scale }
    moving.value = null
  }
  onScopeDispose(keep)

  /** Where the pointer is, in pixels from the element's left and top. */
  function pixelOf(event: MouseEvent): { x: number; y: number } {
    const { left, top } = root.value!.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  function zoom(factor: number, at = { x: room.value.width / 2, y: room.value.height / 2 }): void {
    move(zoomedPlane(plane.value, whole.value, room.value, factor, at))
  }
  useZoomable({
    get zoomedIn() {
      return moved.value !== null
    },
    zoomBy: factor => zoom(factor),
    fit: seeWhole
  })
  function seeWhole(): void {
    clearTimeout(timer)
    moving.value = null
    kept.value = null
  }

  return {
    room,
    whole,
    plane,
    seeWhole,
    /** The place of the plane that the pointer is at. */
    placeUnder: (event: MouseEvent) => placeAt(plane.value, room.value, pixelOf(event)),
    /** Moves what was seen, the way a drag moves the paper. */
    pan: (from: Plane, right: number, down: number) => {
      move(pannedPlane(from, right, down))
    },
    /** Brings a place into sight, where not all is. */
    reveal: (x: number, y: number) => {
      if (moved.value !== null) move(revealingPlane(plane.value, room.value, x, y))
    },
    onWheel: (event: WheelEvent) => {
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1
      zoom(Math.exp(-event.deltaY * lines * 0.002), pixelOf(event))
    },
    onDoubleClick: (event: MouseEvent) => zoom(2.5, pixelOf(event))
  }
}
