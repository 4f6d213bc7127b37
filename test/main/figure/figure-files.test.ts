import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createFigureFiles } from '../../../src/main/figure/figure-files.ts'
import { built } from '../../built.ts'

const files = createFigureFiles(built.figureEntry)
const request = (svg: string) => ({
  svg: gzipSync(svg) as Uint8Array<ArrayBuffer>,
  ...{ format: 'pdf' as const, widthMm: 50, dpi: 300, title: '', caption: '', lines: [] }
})
const empty = '<svg width="20" height="10" xmlns="http://www.w3.org/2000/svg"></svg>'

describe('files of figures', () => {
  it('are made in a thread', async () => {
    const { bytes } = await files.file(request(empty), new AbortController().signal)
    expect(new TextDecoder().decode(bytes.subarray(0, 5))).toBe('%PDF-')
  })

  it('say why they cannot be made', async () => {
    const { signal } = new AbortController()
    await expect(files.file(request('<svg></svg>'), signal)).rejects.toThrow(
      'a figure is an SVG document that says how large it is'
    )
  })

  it('are given up once they are not wanted any more', async () => {
    const controller = new AbortController()
    const made = files.file(request(empty), controller.signal)
    controller.abort(new Error('enough'))
    await expect(made).rejects.toThrow('enough')
    await expect(files.file(request(empty), controller.signal)).rejects.toThrow('enough')
  })
})
