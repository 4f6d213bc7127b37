import { runInNewContext } from 'node:vm'
import { pageScript } from '#common/figure/html/page-script.ts'
import type { FigureSpots } from '#common/figure/html/figure-spots.ts'

interface Pointed {
  readonly clientX: number
  readonly clientY: number
}

/** What the page of a figure says where it is pointed at, by its own script; null for nothing. */
export function pageSays(spots: FigureSpots): (x: number, y: number) => string | null {
  let pointed: (event: Pointed) => void = () => undefined
  const tip = {
    ...{ hidden: true, textContent: null as string | null, style: {} },
    getBoundingClientRect: () => ({ width: 0, height: 0 })
  }
  const elements: Readonly<Record<string, unknown>> = {
    spots: { textContent: JSON.stringify(spots) },
    tip,
    left: {}
  }
  const document = {
    getElementById: (id: string) => elements[id],
    querySelector: () => ({
      getScreenCTM: () => ({ inverse: () => null }),
      addEventListener(name: string, listener: typeof pointed) {
        if (name === 'pointermove') pointed = listener
      }
    })
  }
  class DOMPoint {
    readonly x: number
    readonly y: number
    constructor(x: number, y: number) {
      this.x = x
      this.y = y
    }
    matrixTransform() {
      return this
    }
  }
  const page = { document, DOMPoint, innerWidth: 1000, innerHeight: 1000 }
  runInNewContext(pageScript, page)
  return (clientX, clientY) => {
    pointed({ clientX, clientY })
    return tip.hidden ? null : tip.textContent
  }
}
