import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { pngUrl } from '#common/figure/png-url.ts'

describe('pngUrl', () => {
  it('gives back every pixel, also of pictures of many bytes', () => {
    const width = 300
    const height = 200
    const pixels = Uint8ClampedArray.from(
      { length: width * height * 3 },
      (_, i) => (i * 2654435761) >>> 24
    )
    const [start, base64] = pngUrl(pixels, width, height).split(',')
    expect(start).toBe('data:image/png;base64')
    const decoded = decode(Buffer.from(base64!, 'base64'))
    expect(decoded).toMatchObject({ width, height, channels: 3, depth: 8 })
    expect([...decoded.data]).toEqual([...pixels])
  })
})
