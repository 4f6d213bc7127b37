import { decode } from 'fast-png'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attentionFigure, type AttentionFigureData } from '#common/figure/attention-figure.ts'
import { colorTable } from '#common/figure/color-table.ts'
import { figureSvg } from '#common/figure/figure.ts'

const token = (text: string, special = false) => ({ piece: text, text, special })

/** Three tokens; the weights are their own colour-map positions. */
const small: AttentionFigureData = {
  title: 'a model · Head 0.1 · attention',
  pattern: Float32Array.of(1, 0, 0, 0.25, 0.75, 0, 0.5, 0.3, 0.2),
  tokens: [token('[CLS]', true), token('Hello'), token(' ')],
  colorMap: 'viridis',
  scale: 'linear',
  range: { low: 0, high: 1 },
  causal: true,
  mirrored: false
}

function svg(data: Partial<AttentionFigureData> = {}): string {
  return figureSvg(attentionFigure({ ...small, ...data }))
}

/** The colour in the middle of a cell of the map; null where it is empty. */
function colorAt(document: string, row: number, column: number): number[] | null {
  const [, base64] = /href="data:image\/png;base64,([^"]+)"/.exec(document)!
  const { width, data } = decode(Buffer.from(base64!, 'base64'))
  const cell = width / 3
  const at = 4 * (Math.floor((row + 0.5) * cell) * width + Math.floor((column + 0.5) * cell))
  return data[at + 3] === 0 ? null : [...data.subarray(at, at + 3)]
}

function color(weight: number): number[] {
  const at = 3 * Math.round(255 * weight)
  return [...colorTable('viridis').subarray(at, at + 3)]
}

/** Where the label of a key stands. */
function keyLeft(document: string, text: string): number {
  const label = [...document.matchAll(/<text[^>]*text-anchor="middle"[^>]*>/g)].find(
    ({ index, 0: tag }) => document.startsWith(`${text}<`, index + tag.length)
  )
  return Number(/translate\(([\d.]+) /.exec(label![0])![1])
}

const words = (document: string) =>
  [...document.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)

describe('attentionFigure', () => {
  it('is this picture', async () => {
    // Charts are numbered; the first one of a process is as good as any.
    const document = svg().replaceAll(/zr\d+-/g, 'zr-')
    await expect(document).toMatchFileSnapshot(join(import.meta.dirname, 'attention-figure.svg'))
  })

  it('has each weight at its query and key', () => {
    const document = svg()
    expect(colorAt(document, 0, 0)).toEqual(color(1))
    expect(colorAt(document, 1, 0)).toEqual(color(0.25))
    expect(colorAt(document, 2, 1)).toEqual(color(0.3))
    expect(colorAt(document, 0, 2)).toBeNull()
  })

  it('runs keys from right to left when it is mirrored, labels too', () => {
    const document = svg({ mirrored: true })
    expect(colorAt(document, 1, 2)).toEqual(color(0.25))
    expect(colorAt(document, 0, 0)).toBeNull()
    expect(keyLeft(document, '[CLS]')).toBeGreaterThan(keyLeft(document, '·'))
    expect(keyLeft(svg(), '[CLS]')).toBeLessThan(keyLeft(svg(), '·'))
  })

  it('names scale, range and both axes', () => {
    const text = words(svg({ scale: 'log1p', range: { low: 0, high: 0.4 } }))
    expect(text).toEqual(expect.arrayContaining(['query', 'key', '0', '0.4', 'weight w,']))
    expect(text).toContain('as ln(1 + 100 w)')
  })

  it('thins out the labels of a long text and says their positions', () => {
    const tokens = Array.from({ length: 200 }, (_, i) => token(`t${i}`))
    const text = words(svg({ tokens, pattern: new Float32Array(200 * 200) }))
    expect(text).toContain('10 t10')
    expect(text.filter(word => /^\d+ t\d+$/.test(word!))).toHaveLength(2 * 40)
  })

  it('colours the labels of special tokens and signs, also where others are thinned out', () => {
    const fill = (document: string, text: string) =>
      new RegExp(`fill="(#\\w+)">${text.replace(/[[\]]/g, '\\$&')}<`).exec(document)![1]
    const plain = fill(svg(), 'Hello')
    expect(new Set([plain, fill(svg(), '[CLS]'), fill(svg(), '·')]).size).toBe(3)
    const tokens = Array.from({ length: 200 }, (_, i) => token(i === 50 ? ' ' : `t${i}`))
    const long = svg({ tokens, pattern: new Float32Array(200 * 200) })
    expect(fill(long, '50 ·')).toBe(fill(svg(), '·'))
    expect(fill(long, '55 t55')).toBe(plain)
  })

  it('shows spaces by a sign, and names and tokens that are markup as text', () => {
    const markup = '<img src=x onerror="1">'
    const document = svg({
      title: `${markup} & ]]>`,
      tokens: [token(markup, true), token('</text><script>'), token('a\u202eb\0')]
    })
    expect(document).not.toMatch(/<(img|script)/)
    expect(document).not.toMatch(/[\0-\x08\x0b-\x1f\u202a-\u202e]/)
    expect(words(document)).toContain('a⟨202E⟩b⟨00⟩')
    expect(words(svg())).toContain('·')
  })

  it('fetches nothing', () => {
    const addresses = [...svg().matchAll(/(?:href=["']|src=["']|url\()([^"')]+)/g)]
    expect(addresses.length).toBeGreaterThan(1)
    for (const [, address] of addresses) expect(address).toMatch(/^(data:image\/png;|#)/)
  })
})
