import { expect, it } from 'vitest'
import type { Client } from '#common/contract/rpc.ts'
import { barChart } from '#common/figure/bar-chart.ts'
import { drawing } from '#common/figure/drawing.ts'
import { figureContent, type FigureHost } from '#common/figure/figure-content.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import { plainWish } from '#common/figure/presets.ts'
import type { Provenance } from '#common/figure/provenance.ts'

const look: Look = {
  ...paperLook,
  ...{ colorMap: 'viridis', scale: 'linear', follows: true, pooling: 'mean' },
  range: { low: 0, high: 1 }
}
const bars = { title: null, bars: [{ label: 'a', value: 3, notes: [], color: 0 }] }
const drawn = drawing(barChart, bars, look).draw(plainWish)
const from: Provenance = {
  version: '1',
  of: {
    ...{ model: 'm', fingerprint: 'abc', input: null, edits: [], provider: 'none' },
    place: 'Parameters'
  },
  ...{ less: null, precision: 'float32', again: { view: 'parameters', params: {} } }
}
const host: FigureHost = {
  svg: figure => Promise.resolve(figureSvg(figure)),
  spots: () => Promise.resolve('{}'),
  fonts: () => Promise.resolve(''),
  gzip: () => Promise.resolve(new Uint8Array())
}

async function page(caption?: string): Promise<string> {
  const said = {
    title: 'm · parameters',
    dpi: 300,
    from,
    ...(caption !== undefined && { caption })
  }
  const { bytes } = await figureContent({} as Client, drawn, 'html', said, host)
  return new TextDecoder().decode(bytes)
}

it('a page has the caption that was written, else the draft of one', async () => {
  expect(await page('What m is made of.')).toContain('>What m is made of.</figcaption>')
  expect(await page()).toContain('>Parameters of m (files abc).')
})

it('a PDF whose caption was emptied is told by its title alone', async () => {
  const told: unknown[] = []
  const client = {
    call: (_: string, request: { readonly caption: string }) => {
      told.push(request.caption)
      return Promise.resolve({ bytes: new Uint8Array(), without: [] })
    }
  } as unknown as Client
  for (const caption of ['', 'What m is made of.'])
    await figureContent(client, drawn, 'pdf', { title: 'm', dpi: 300, from, caption }, host)
  expect(told).toEqual(['m', 'm. What m is made of.'])
})
