import { encode } from 'fast-png'
import { dataUrl } from './data-url.ts'

/**
 * Pixels as the address of a PNG picture.
 * @param pixels [row, column, rgb]
 */
export function pngUrl(pixels: Uint8ClampedArray, width: number, height: number): string {
  return dataUrl('image/png', encode({ data: pixels, width, height, channels: 3, depth: 8 }))
}
