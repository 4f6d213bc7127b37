import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Dataset } from '#common/data/dataset.ts'
import { datasetJson } from '#common/data/dataset-json.ts'
import { figureSvg } from '#common/figure/figure-svg.ts'
import { plainWish } from '#common/figure/presets.ts'
import { commandOf, provenanceLines } from '#common/figure/provenance.ts'
import { sizedSvg } from '#common/figure/svg-with.ts'
import { pixelsOfMm } from '#common/figure/units.ts'
import type { ExportFormat } from '../src/renderer/src/stores/exports.ts'
import type { CommandLine } from './command-line.ts'

/**
 * Expects the command that something saved carries to make it again: the same drawing, or the same numbers.
 * @param folders what its command calls them, and where they are
 */
export async function expectMadeAgain(
  commands: CommandLine,
  saved: ExportFormat,
  folders: Readonly<Record<string, string>>
): Promise<void> {
  if (saved.is === 'file') throw new Error('a file says nothing of where it is from')
  const file = saved.is === 'figure' ? 'figure.svg' : 'numbers.json'
  const command = commandOf(saved.from, file)
  if (command === null) throw new Error(provenanceLines(saved.from).join('\n'))
  const place = mkdtempSync(join(tmpdir(), 'lamella-again-'))
  try {
    const path = join(place, file)
    const words = shellWords(command.replace('npm run --silent lamella -- ', '')).map(word =>
      word === file ? path : (folders[word] ?? word)
    )
    const { status, error } = await commands.run(...words)
    expect({ status, faults: faultsIn(error) }).toEqual({ status: 0, faults: [] })
    const made = readFileSync(path, 'utf8')
    if (saved.is === 'data') expect(toldIn(made)).toEqual(toldIn(jsonOf(saved.dataset())))
    else {
      const drawn = saved.draw(plainWish)
      const own = sizedSvg(figureSvg(drawn), pixelsOfMm(drawn.widthMm))
      expect(made.replace(/<desc>.*?<\/desc>/s, '').replace(/<style>.*?<\/style>/s, '')).toBe(own)
    }
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

function toldIn(json: string) {
  const { attributes, ...own } = JSON.parse(json) as { attributes: object }
  const told = Object.entries(attributes).filter(([name]) => !ofOrigin.has(name))
  return { ...own, attributes: Object.fromEntries(told) as unknown }
}
