import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Dataset } from '#common/data/dataset.ts'
import { tablePlan } from '#common/data/dataset-csv.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { drawnCells } from '#common/figure/notebook/drawn-cells.ts'
import { plainWish } from '#common/figure/presets.ts'
import { commandOf, provenanceLines } from '#common/figure/provenance.ts'
import { sizedSvg } from '#common/figure/svg-with.ts'
import { pixelsOfMm } from '#common/figure/units.ts'
import type { ExportFormat, SavedData, SavedFigure } from '../src/renderer/src/stores/exports.ts'
import type { CommandLine } from './command-line.ts'

/**
 * Expects the command that something saved carries to make it again: the same drawing and the numbers that it draws, or the same
 * numbers.
 * @param folders what its command calls them, and where they are
 * @param within how far numbers may be apart, as a share of the largest: gradients are not the same to the bit
 */
export async function expectMadeAgain(
  commands: CommandLine,
  saved: ExportFormat,
  folders: Readonly<Record<string, string>>,
  within = 0
): Promise<void> {
  if (saved.is === 'file') throw new Error('a file says nothing of where it is from')
  const made = (file: string) => madeAgain(commands, saved.from, folders, file)
  if (saved.is === 'figure') {
    expectInTable(saved)
    const drawn = saved.draw(plainWish)
    const own = sizedSvg(figureSvg(drawn), pixelsOfMm(drawn.widthMm))
    const svg = await made('figure.svg')
    expect(svg.replace(/<desc>.*?<\/desc>/s, '').replace(/<style>.*?<\/style>/s, '')).toBe(own)
  }
  if (!saved.dataset) return
  // The window may hold more beside what is drawn.
  const told = saved.is === 'figure' ? drawnIn : toldIn
  expectAlike(told(await made('numbers.json')), told(jsonOf(saved.dataset())), within)
}

/** Expects the table of a figure's numbers to hold those that it draws. */
export function expectInTable({ kept, dataset, title, note }: SavedFigure): void {
  const [drawing, whole] = [kept(), dataset?.()]
  if (drawing === null || whole === undefined) return
  const held = tablePlan(whole).variables.map(name => [name, whole.variables[name]!] as const)
  const table = { ...whole, variables: Object.fromEntries(held) }
  expect(drawnCells(drawing, table).own, `${title} ${note}`).toEqual(drawnCells(drawing, whole).own)
}

/** The file that the command of something writes. */
async function madeAgain(
  commands: CommandLine,
  from: (SavedFigure | SavedData)['from'],
  folders: Readonly<Record<string, string>>,
  file: string
): Promise<string> {
  const command = commandOf(from, file)
  if (command === null) throw new Error(provenanceLines(from).join('\n'))
  const place = mkdtempSync(join(tmpdir(), 'lamella-again-'))
  try {
    const path = join(place, file)
    const words = shellWords(command.replace('npm run --silent lamella -- ', '')).map(word =>
      word === file ? path : (folders[word] ?? word)
    )
    const { status, error } = await commands.run(...words)
    expect({ status, faults: faultsIn(error) }).toEqual({ status: 0, faults: [] })
    return readFileSync(path, 'utf8')
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** What is said beside it but what it waits for and how far it is. */
function faultsIn(error: string): string[] {
  return error.match(/^(?:warning|left out|error).*$/gm) ?? []
}

/** As a shell takes them. */
function shellWords(command: string): string[] {
  const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
  return printed.split('\0').slice(0, -1)
}

function jsonOf(dataset: Dataset): string {
  return [...datasetJson(dataset)].join('')
}

/** What a file of numbers says of where it is from. */
const ofOrigin = new Set(['from', 'again', 'lamella', 'inputs', 'input_ids'])

function toldIn(json: string): Told {
  const { attributes, ...own } = JSON.parse(json) as Told
  const told = Object.entries(attributes).filter(([name]) => !ofOrigin.has(name))
  return { ...own, attributes: Object.fromEntries(told) }
}

/** What of it the figure draws, where it says that. */
function drawnIn(json: string): Told {
  const { variables } = toldIn(json)
  const drawn = Object.entries(variables).filter(([, { drawn }]) => drawn)
  return { variables: drawn.length > 0 ? Object.fromEntries(drawn) : variables, attributes: {} }
}

interface Told {
  readonly variables: Readonly<Record<string, { readonly data: unknown; readonly drawn?: true }>>
  readonly attributes: Readonly<Record<string, unknown>>
}

function expectAlike(made: Told, saved: Told, within: number): void {
  if (within === 0) {
    expect(made).toEqual(saved)
    return
  }
  const numbers = ({ data }: Told['variables'][string]) => [data].flat(Infinity) as number[]
  for (const [name, own] of Object.entries(saved.variables)) {
    const most = within * Math.max(...numbers(own).map(Math.abs))
    const again = numbers(made.variables[name]!)
    const isNear = numbers(own).every((value, at) => Math.abs(value - again[at]!) <= most)
    expect(isNear, name).toBe(true)
  }
  const without = ({ variables, ...rest }: Told) => ({
    ...rest,
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, own]) => [name, { ...own, data: numbers(own).length }])
    )
  })
  expect(without(made)).toEqual(without(saved))
}
