import { axisTickText } from '../axis-tick-text.ts'
import { bp, texColor, texFont, texWords, type TexPlace } from './tex-paint.ts'

interface Words {
  readonly fontFamily?: string
  readonly fontSize?: number
  readonly color?: string
}

/** What of an axis of an ECharts option is drawn here. */
export interface ChartAxis {
  readonly type?: string
  readonly name?: string
  readonly nameGap?: number
  readonly nameTextStyle?: Words
  readonly offset?: number
  readonly min?: number
  readonly max?: number
  readonly interval?: number
  readonly data?: readonly string[]
  readonly inverse?: boolean
  readonly show?: boolean
  readonly axisLabel?: Words & {
    readonly margin?: number
    readonly padding?: readonly number[]
    readonly customValues?: readonly number[]
  }
  readonly axisLine?: {
    readonly show?: boolean
    readonly onZero?: boolean
    readonly lineStyle?: { readonly color?: string }
  }
  readonly splitLine?: { readonly show?: boolean; readonly lineStyle?: { readonly color?: string } }
}

/** Ends of an axis: of names one half of a step beyond the first and the last. */
export function axisEnds({ data, min = 0, max = 1 }: ChartAxis): { min: number; max: number } {
  return data === undefined ? { min, max } : { min: -0.5, max: data.length - 0.5 }
}

const ink = '#333333'
/** Of labels from an axis, and how long its ticks are, in CSS pixels: as ECharts has them. */
const labelGap = 8
const tickLength = 5

/**
 * An axis as options of PGFPlots, and its line with its ticks: those of PGFPlots have no place of their own.
 * @param other the axis across: beside one of names, an axis of numbers has no line
 */
export function axisTex(
  name: 'x' | 'y',
  axis: ChartAxis,
  other: ChartAxis,
  place: TexPlace
): { readonly options: readonly string[]; readonly lines: readonly string[] } {
  const { min, max } = axisEnds(axis)
  const ends = [
    `${name}min=${exact(min)},${name}max=${exact(max)}`,
    ...(axis.inverse ? [`${name} dir=reverse`] : [])
  ]
  if (axis.show === false) return { options: [...ends, `${name}tick=\\empty`], lines: [] }
  const values = axis.data?.map((_, i) => i) ?? tickValues(axis)
  const labels = axis.data ?? values.map(axisTickText)
  const { splitLine } = axis
  const grid = axis.type === 'value' && splitLine?.show !== false
  return {
    options: [
      ...ends,
      `${name}tick={${values.map(exact).join(',')}}`,
      `${name}ticklabels={${labels.map(label => `{${texWords(label)}}`).join(',')}}`,
      labelStyle(name, axis, place),
      ...(grid
        ? [
            `${name}majorgrids,${name} grid style={color=${texColor(splitLine?.lineStyle?.color ?? '#dbdee4')},line width=${bp(1, place)}}`
          ]
        : []),
      ...(axis.name ? nameOptions(name, axis, axis.name, place) : [])
    ],
    lines: hasLine(axis, other) ? [lineTex(name, axis, other, values, place)] : []
  }
}

function hasLine({ axisLine, type }: ChartAxis, other: ChartAxis): boolean {
  return axisLine?.show ?? (type === 'value' && other.type === 'value')
}

/** The numbers that are said at an axis. */
function tickValues(axis: ChartAxis): number[] {
  const { customValues } = axis.axisLabel ?? {}
  if (customValues) return [...customValues]
  const { min, max } = axisEnds(axis)
  const { interval = (max - min) / 4 } = axis
  const count = Math.round((max - min) / interval)
  return Array.from({ length: count + 1 }, (_, i) => Number((min + i * interval).toPrecision(12)))
}

function labelStyle(name: 'x' | 'y', { axisLabel = {}, offset = 0 }: ChartAxis, place: TexPlace) {
  const { margin = labelGap, padding } = axisLabel
  const away = -(margin + offset)
  // Names that begin where the figure does.
  const begins = padding?.[3]
  const shift =
    begins !== undefined
      ? `anchor=west,xshift=${bp(begins, place)}`
      : name === 'x'
        ? `anchor=north,yshift=${bp(away, place)}`
        : `anchor=east,xshift=${bp(away, place)}`
  return `${name}ticklabel style={${wordsStyle(axisLabel, place)},inner sep=0pt,${shift}}`
}

function nameOptions(name: 'x' | 'y', axis: ChartAxis, words: string, place: TexPlace): string[] {
  const { nameGap = 15, nameTextStyle = {}, offset = 0 } = axis
  const away = bp(-(nameGap + offset), place)
  const shift =
    name === 'x'
      ? `at={(rel axis cs:0.5,0)},anchor=north,yshift=${away}`
      : `at={(rel axis cs:0,0.5)},anchor=south,rotate=90,yshift=${bp(nameGap + offset, place)}`
  return [
    `${name}label={${texWords(words)}}`,
    `every axis ${name} label/.style={inner sep=0pt,${wordsStyle(nameTextStyle, place)},${shift}}`
  ]
}

function wordsStyle({ fontFamily = 'Inter', fontSize = 12, color = ink }: Words, place: TexPlace) {
  return `font=${texFont({ font: fontFamily, size: fontSize, weight: 400 }, place)},text=${texColor(color)}`
}

function lineTex(
  name: 'x' | 'y',
  axis: ChartAxis,
  other: ChartAxis,
  values: readonly number[],
  place: TexPlace
): string {
  const { offset = 0 } = axis
  const across = exact(zeroOf(axis, other))
  const color = texColor(axis.axisLine?.lineStyle?.color ?? ink)
  const { min, max } = axisEnds(axis)
  const along = (share: number) =>
    name === 'x'
      ? `(rel axis cs:${exact(share)},${across})`
      : `(rel axis cs:${across},${exact(share)})`
  const out = bp(-tickLength, place)
  const ticks = values.map(value => {
    const share = (value - min) / (max - min)
    return `${along(axis.inverse ? 1 - share : share)} -- ++(${name === 'x' ? `0bp,${out}` : `${out},0bp`})`
  })
  const shift = offset === 0 ? '' : `,${name === 'x' ? 'y' : 'x'}shift=${bp(-offset, place)}`
  return `\\draw[color=${color},line width=${bp(1, place)}${shift}] ${along(0)} -- ${along(1)} ${ticks.join(' ')};`
}

/** Where along the other an axis stands, from 0 to 1: at its zero, where that is seen. */
function zeroOf({ axisLine }: ChartAxis, other: ChartAxis): number {
  const { min, max } = axisEnds(other)
  if (axisLine?.onZero === false || other.type !== 'value' || min >= 0 || max <= 0) return 0
  return -min / (max - min)
}

/** In as many digits as a float32 has. */
export function exact(value: number): string {
  return String(Number(value.toPrecision(7)))
}
