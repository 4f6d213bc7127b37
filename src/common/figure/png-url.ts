import { encode } from 'fast-png'

/**
 * Pixels as the address of a PNG picture.
 * @param pixels [row, column, rgb]
 */
export function pngUrl(pixels: Uint8ClampedArray, width: number, height: number): string {
  const bytes = encode({ data: pixels, width, height, channels: 3, depth: 8 })
  let binary = ''
  // In pieces: a call takes so many arguments and no more.
  for (let at = 0; at < bytes.length; at += 2 ** 15)
    binary += String.fromCharCode(...bytes.subarray(at, at + 2 ** 15))
  return `data:image/png;base64,${btoa(binary)}`
}
