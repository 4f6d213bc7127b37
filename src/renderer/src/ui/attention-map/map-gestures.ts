/** What a pointer can do with a map. */
export interface MapActions {
  hover(event: MouseEvent): void
  select(event: MouseEvent): void
  pan(dx: number, dy: number): void
  zoom(factor: number, event: WheelEvent): void
}

/** A press that moves less than this many pixels is a click. */
const clickSlack = 3
const zoomPerPixel = 0.003
const linePixels = 16

/** Listeners that turn presses, drags and the wheel into actions. */
export function mapGestures(actions: MapActions) {
  let drag: { x: number; y: number; moved: boolean } | null = null

  return {
    down(event: PointerEvent): void {
      if (event.button !== 0) return
      drag = { x: event.clientX, y: event.clientY, moved: false }
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    },
    move(event: PointerEvent): void {
      if (drag) {
        const dx = event.clientX - drag.x
        const dy = event.clientY - drag.y
        if (drag.moved || Math.abs(dx) + Math.abs(dy) > clickSlack) {
          drag = { x: event.clientX, y: event.clientY, moved: true }
          actions.pan(dx, dy)
          return
        }
      }
      actions.hover(event)
    },
    up(event: PointerEvent): void {
      if (drag && !drag.moved) actions.select(event)
      drag = null
    },
    cancel(): void {
      drag = null
    },
    wheel(event: WheelEvent): void {
      if (event.shiftKey) {
        actions.pan(-(event.deltaY || event.deltaX), 0)
        return
      }
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePixels : 1
      const by = Math.max(-120, Math.min(120, event.deltaY * lines))
      actions.zoom(Math.exp(-by * zoomPerPixel), event)
    }
  }
}
