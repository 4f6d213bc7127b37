import type { ColorMap } from './color-table.ts'
import type { Pooling } from '../analysis/pool.ts'
import type { ValueRange, ValueScale } from './value-scale.ts'

/** How a figure looks; a journal's preset sets all of it but what tells values apart. */
export interface Look extends LookPreset {
  readonly colorMap: ColorMap
  readonly scale: ValueScale
  readonly range: ValueRange
  /** The range is that of the values, not a fixed one. */
  readonly follows: boolean
  /** Those of two maps that are compared, not of one alone. */
  readonly shared?: boolean
  /** The bar of colours of a map lies below it, or another map has it; left out where it stands beside it, if there is room. */
  readonly bar?: false | 'below'
  /** It is drawn for a page, on which nothing moves: labels have the room that those take that show, not all that might. */
  readonly still?: true
  readonly pooling: Pooling
  /** Of letters, in CSS pixels: none is larger, unless that is asked for; left out where they may be. */
  readonly most?: number
}

/** Ink, paper and fonts. */
export interface LookPreset {
  readonly sans: string
  readonly mono: string
  /** Of labels, in CSS pixels. */
  readonly size: number
  readonly ink: string
  /** Of what is not the data: names of axes, signs that stand for spaces. */
  readonly faint: string
  readonly accent: string
  /** Behind the label of a special token. */
  readonly pill: string
  readonly line: string
  readonly paper: string
  /** Of cells without a value. */
  readonly empty: string
  /** Of bars and their like, in order. */
  readonly series: readonly string[]
  /** Of heads that are shown together, eight in order, which the colour-blind tell apart. */
  readonly heads: readonly string[]
}

const screen = {
  sans: "'Inter Variable', 'Noto Sans Hebrew Variable', system-ui, sans-serif",
  mono: "'JetBrains Mono Variable', 'Noto Sans Hebrew Variable', ui-monospace, 'Noto Sans Mono', monospace",
  size: 11
}

/** The window's light theme. */
export const lightScreen: LookPreset = {
  ...screen,
  ink: '#1c1c20',
  faint: '#5d5d66',
  accent: '#0a6475',
  pill: '#dcebed',
  line: '#c6c6cc',
  paper: '#ffffff',
  empty: '#eeeef0',
  series: ['#0b4a57', '#7b979d', '#1593aa', '#95d3df', '#c9b458', '#8d6b94', '#b9b9c1'],
  /** @source Okabe & Ito 2008, darker where the paper asks for it */
  heads: ['#0072b2', '#d55e00', '#008a64', '#b4568f', '#a87900', '#2f9ed8', '#3b3b42', '#6a5acd']
}

/** The window's dark theme. */
export const darkScreen: LookPreset = {
  ...screen,
  ink: '#e7e7ea',
  faint: '#a2a3ac',
  accent: '#5ccade',
  pill: '#1b3a41',
  line: '#44464d',
  paper: '#1a1b1e',
  empty: '#222327',
  series: ['#3d7582', '#8ea4a9', '#22a5bd', '#a6e0ea', '#d8c46a', '#a883b0', '#6b6c75'],
  heads: ['#4aa3e8', '#ff8a4c', '#2bc796', '#ea94c6', '#f0bd45', '#93d8fa', '#d9d9de', '#a99bff']
}

/** What is saved: black on white, in fonts by the names they have where they are installed. */
export const paperLook: LookPreset = {
  sans: "Inter, 'Noto Sans Hebrew', system-ui, sans-serif",
  mono: "'JetBrains Mono', 'Noto Sans Hebrew', ui-monospace, Menlo, Consolas, monospace",
  size: 11,
  ink: '#1f2328',
  faint: '#6e7781',
  accent: '#2f5fd0',
  pill: '#e6edfb',
  line: '#d0d7de',
  paper: '#ffffff',
  empty: '#f0f1f3',
  series: lightScreen.series,
  heads: lightScreen.heads
}
