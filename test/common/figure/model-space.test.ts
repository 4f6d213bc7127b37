import { describe, expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import type { TensorInfo } from '#common/contract/schemas.ts'
import { modelParts, tensorsOfParts, type ModelPart } from '#common/figure/model-parts.ts'
import {
  fromBehind,
  modelSpace,
  partAt,
  partPalette,
  seenPlace,
  seenSides,
  standingNames
} from '#common/figure/model-space.ts'
import { directionsOf } from '#common/figure/orbit.ts'
import { panelSvg } from '#common/figure/panel-svg.ts'
import {
  coloringTensors,
  partStatistic,
  partValues,
  spaceData,
  spaceNote
} from '#common/figure/views/architecture-space.ts'
import { numberSteps } from '#common/figure/point-scatter.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import type { Architecture, ArchitectureBox } from '#common/model/architecture.ts'

const box = (name: string, shape: number[] | null, many = 1): ArchitectureBox => ({
  ...{ part: 'mlp', name, note: '', shape },
  parameters: shape === null ? 0 : many * shape.reduce((product, size) => product * size, 1),
  tensors: shape === null ? [] : [`h.0.${name}.weight`]
})
const architecture: Architecture = {
  sections: [
    {
      ...{ name: 'Embedding', note: '', layers: [], parameters: 0 },
      steps: [{ adds: false, scale: 1, branches: [[[box('W_E', [6400, 64])]]] }]
    },
    {
      ...{ name: 'Layers 0–1', note: '', layers: [0, 1], parameters: 0 },
      steps: [
        {
          ...{ adds: true, scale: 1 },
          branches: [
            [
              [box('W_Q', [64, 64]), box('W_K', [64, 32])],
              [box('mix', null)],
              [box('W_O', [64, 64])]
            ],
            [[box('W_in', [64, 256], 8)]]
          ]
        }
      ]
    }
  ]
}
const { parts, names, longest } = modelParts(architecture)
const volume = ({ from, to }: ModelPart) =>
  from.reduce((product, low, d) => product * (to[d]! - low), 1)

describe('a model in space', () => {
  it('has each part with weights in each layer, its volume by its parameters, its face by its shape', () => {
    expect(parts.map(({ box, layer }) => `${layer} ${box.name}`)).toEqual([
      'null W_E',
      ...[0, 1].flatMap(layer => ['W_Q', 'W_K', 'W_O', 'W_in'].map(name => `${layer} ${name}`))
    ])
    const unit = volume(parts[1]!) / parts[1]!.box.parameters
    for (const part of parts) expect(volume(part) / part.box.parameters).toBeCloseTo(unit, 9)
    const [, up, near] = parts[4]!.to.map((high, d) => high - parts[4]!.from[d]!)
    expect([up, near]).toEqual([1, 4])
  })

  it('folds a vocabulary to the longest side within blocks', () => {
    expect(longest).toBe(4)
    expect(parts[0]!.to[1] - parts[0]!.from[1]).toBe(4)
    expect(parts[0]!.to[0] - parts[0]!.from[0]).toBeCloseTo(0.1 * 25, 9)
  })

  it('has no part that overlaps another, and a name for each layer', () => {
    for (const a of parts)
      for (const b of parts)
        if (a !== b)
          expect([0, 1, 2].some(d => a.to[d]! <= b.from[d]! || b.to[d]! <= a.from[d]!)).toBe(true)
    expect(names.map(({ text }) => text)).toEqual(['Embedding', 'Layer 0', '1'])
  })

  it('stands in lines where it has many layers, all of its parts as they were', () => {
    const [start, blocks] = architecture.sections
    const many = { ...blocks!, layers: Array.from({ length: 48 }, (_, layer) => layer) }
    const deep = modelParts({ sections: [start!, many] })
    const lines = new Set(deep.parts.map(({ path }) => path[0]))
    expect([...lines]).toEqual([0, 1])
    expect(deep.parts).toHaveLength(1 + 4 * 48)
    const first = deep.parts.filter(({ path }) => path[0] === 1)
    expect(first[0]!.from[0]).toBe(0)
    expect(first[0]!.box.name).toBe('W_Q')
    for (const part of deep.parts)
      expect(volume(part) / part.box.parameters).toBeCloseTo(volume(parts[1]!) / 4096, 9)
    const ends = (line: number) => deep.parts.filter(({ path }) => path[0] === line)
    expect(Math.max(...ends(0).map(({ to }) => to[2]))).toBeLessThan(
      Math.min(...ends(1).map(({ from }) => from[2]))
    )
  })

  it('is drawn from behind: where two are seen at a spot, the nearer one comes later', () => {
    let hidden = 0
    for (const angle of [-2.5, -0.6, 0.7, 2].flatMap(turn =>
      [0.4, -0.9].map(tip => ({ turn, tip }))
    )) {
      const order = fromBehind(parts, angle)
      const near = directionsOf(angle)[2]
      const data = spaceData(
        { parts, names, longest, tensors: parts.map(() => []) },
        angle,
        null,
        null
      )
      for (const i of parts.keys()) {
        // From the middle of a part towards the viewer: what the way goes through is nearer.
        const middle = parts[i]!.from.map((low, d) => (low + parts[i]!.to[d]!) / 2)
        for (let away = 0; away < 30; away += 0.02) {
          const at = middle.map((value, d) => value + away * near[d]!)
          const before = parts.findIndex(({ from, to }) =>
            at.every((value, d) => value > from[d]! && value < to[d]!)
          )
          if (before < 0 || before === i) continue
          hidden++
          expect(order.indexOf(before)).toBeGreaterThan(order.indexOf(i))
        }
        const spot = seenPlace(middle as [number, number, number], angle)
        const picked = partAt(data.parts, angle, spot)!
        expect(order.indexOf(picked)).toBeGreaterThanOrEqual(order.indexOf(i))
      }
    }
    expect(hidden).toBeGreaterThan(100)
  })

  it('shows three sides of a part, and as a figure all of them with what they mean', () => {
    const angle = { turn: -0.6, tip: 0.4 }
    expect(seenSides(parts[0]!, angle)).toHaveLength(3)
    expect(seenSides(parts[0]!, { turn: 0, tip: 0 })).toHaveLength(1)
    const data = spaceData({ parts, names, longest, tensors: [] }, angle, null, 'tiny')
    const svg = panelSvg(modelSpace.panel(data, plainLook, modelSpace.natural(data, plainLook)))
    expect(svg.match(/stroke-width="0.5"/g)).toHaveLength(27)
    expect(svg).toContain('volume: parameters')
  })

  it('is coloured by the largest matrix of each part, of embeddings and what is tied to them, too', () => {
    const tensor = (name: string, shape: number[], tiedTo: string | null = null) =>
      ({
        ...{ name, dtype: 'F32', shape, layer: null, tiedTo },
        parameters: shape.reduce((product, size) => product * size, 1)
      }) as TensorInfo
    const matrix = tensor('w', [4, 4])
    const tensors = parts.map((_, i) =>
      i === 0
        ? [tensor('head', [64, 4], 'wte')]
        : i === 1
          ? [tensor('ln', [4])]
          : [tensor('bias', [99]), tensor('small', [2, 2]), matrix]
    )
    const own = { parts, names, longest, tensors }
    const std = partStatistic('std')!
    expect(coloringTensors(own, std)).toEqual(['wte', null, ...parts.slice(2).map(() => 'w')])
    const result = dataset(
      { tensor: axis(['wte', 'w']) },
      { std: { axes: ['tensor'], unit: '', about: '', data: Float64Array.of(3, 5) } }
    )
    const numbers = partValues(own, std, result)
    expect(numbers.values).toEqual([3, NaN, ...parts.slice(2).map(() => 5)])
    // From the first colour at the lowest number to the last at the highest, and one beyond for none.
    const colors = spaceData(own, { turn: 0, tip: 0 }, numbers, null).parts.map(
      ({ color }) => color
    )
    expect(colors.slice(0, 3)).toEqual([0, numberSteps, numberSteps - 1])
    expect(spaceNote(own, numbers)).toContain(`1 of ${parts.length} parts without (grey)`)
  })

  it('tells colours of the kinds that it has alone', () => {
    const own = { parts, names, longest, tensors: [] }
    const data = spaceData(own, { turn: 0, tip: 0 }, null, null)
    expect(data.colored).toEqual({ by: 'class', name: 'part', classes: ['mlp'] })
    expect(partPalette(data.colored, plainLook)[data.parts[0]!.color]).toBe(plainLook.series[3])
  })

  it('has no name that a part stands before, not even at its end', () => {
    const wall = { from: [0, 0, 5], to: [1, 1, 6] } as const
    const shown = (text: string, at: readonly [number, number, number], turn = 0) =>
      standingNames(
        { parts: [{ ...wall, words: '', path: [0, 0, 0, 0, 0], color: 0 }], names: [{ text, at }] },
        { turn, tip: 0 },
        11,
        ([x, y]) => ({ x: 10 * x, y: -10 * y }),
        10
      ).length === 1
    // Before, behind, and beside: a letter is less than one wide, eight are more than four.
    expect(shown('a', [0.5, 0.5, 7])).toBe(true)
    expect(shown('a', [0.5, 0.5, 0])).toBe(false)
    expect(shown('a', [3, 0.5, 0])).toBe(true)
    expect(shown('abcdefgh', [3, 0.5, 0])).toBe(false)
    // Seen from the other side it stands before.
    expect(shown('a', [0.5, 0.5, 0], Math.PI)).toBe(true)
  })

  it('finds the tensors of a later layer by those of the first', () => {
    const tensor = (name: string, layer: number | null) =>
      ({ name, layer, shape: [2, 2], tiedTo: null }) as unknown as TensorInfo
    const stored = [tensor('h.0.W_Q.weight', 0), tensor('h.1.W_Q.weight', 1)]
    const found = tensorsOfParts([parts[1]!, parts[5]!, parts[6]!], stored)
    expect(found).toEqual([[stored[0]], [stored[1]], ['h.0.W_K.weight']])
  })
})
