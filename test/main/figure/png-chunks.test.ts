import { decode, encode } from 'fast-png'
import { expect, it } from 'vitest'
import { withPngChunks } from '../../../src/main/figure/png-chunks.ts'

it('size and comment stand in a picture that is otherwise the same', () => {
  const data = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255)
  const png = encode({ data, width: 2, height: 1, channels: 4, depth: 8 })
  const words = { title: 'A', lines: ['Text: שa', 'b'] }
  const file = withPngChunks(png, 300, words)
  const { resolution, ...picture } = decode(file, { checkCrc: true })
  expect(Buffer.from(file).toString()).toContain('iTXtDescription\0\0\0\0\0Text: שa\nb')
  // 300 dots an inch.
  expect(resolution).toEqual({ x: 11811, y: 11811, unit: 1 })
  expect([...picture.data]).toEqual([...data])
})

it('dots an inch are told as the nearest whole number a metre', () => {
  const png = encode({ data: Uint8Array.of(1, 2, 3, 255), width: 1, height: 1 })
  const { resolution } = decode(withPngChunks(png, 96, { title: 'A', lines: [] }))
  // 96 / 0.0254 = 3779.5
  expect(resolution).toEqual({ x: 3780, y: 3780, unit: 1 })
})
