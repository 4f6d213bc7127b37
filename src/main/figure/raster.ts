import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { ownContent } from '../files/whole-content.ts'
import type { FigureFace } from './fonts.ts'
import { outlinedSvg } from './outlined-svg.ts'
import type { SvgDocument } from './svg-document.ts'

/** A figure as pixels. */
export interface FigurePixels {
  readonly width: number
  readonly height: number
  /** [row, column, rgba], not premultiplied */
  readonly data: Uint8Array
}

const packages = createRequire(import.meta.url)
/** Of the program that draws. */
const mostBytes = 2 ** 24
let ready: Promise<void> | null = null

/** A figure as so many pixels. */
export function figurePixels(
  figure: Pick<SvgDocument, 'root'>,
  faces: readonly FigureFace[],
  size: PixelSize
): Promise<FigurePixels> {
  return drawn(figure, faces, size, ({ width, height, pixels }) => {
    return { width, height, data: straight(pixels) }
  })
}

/** A figure as a PNG file of so many pixels. */
export function figurePng(
  figure: Pick<SvgDocument, 'root'>,
  faces: readonly FigureFace[],
  size: PixelSize
): Promise<Uint8Array> {
  return drawn(figure, faces, size, image => image.asPng())
}

type PixelSize = Pick<FigurePixels, 'width' | 'height'>

async function drawn<T>(
  { root }: Pick<SvgDocument, 'root'>,
  faces: readonly FigureFace[],
  size: PixelSize,
  taken: (image: ReturnType<InstanceType<typeof Resvg>['render']>) => T
): Promise<T> {
  ready ??= ownContent(packages.resolve('@resvg/resvg-wasm/index_bg.wasm'), mostBytes).then(
    initWasm
  )
  await ready
  const renderer = new Resvg(outlinedSvg(root, faces, size), {
    // Cells of a map are pixels of a picture already: none is smoothed.
    imageRendering: 1,
    font: { fontBuffers: [] }
  })
  try {
    const image = renderer.render()
    try {
      return taken(image)
    } finally {
      image.free()
    }
  } finally {
    renderer.free()
  }
}

/** Colours that are not multiplied by how opaque they are. */
function straight(premultiplied: Uint8Array): Uint8Array {
  const data = new Uint8Array(premultiplied)
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!
    if (alpha === 255 || alpha === 0) continue
    for (let i = at; i < at + 3; i++) data[i] = Math.min(255, Math.round((data[i]! * 255) / alpha))
  }
  return data
}
