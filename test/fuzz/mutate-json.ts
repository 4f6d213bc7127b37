import { edgeNumbers, edgeTexts } from './mutate.ts'
import type { Random } from './random.ts'

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\w+|\s+|[^]/g

/** JSON text with one to three of its tokens wrong; most often still JSON. */
export function mutatedJson(random: Random, text: string): string {
  const tokens = text.match(token) ?? []
  for (let faults = 1 + random.below(3); faults > 0; faults--)
    if (random.oneIn(5)) breakShape(random, tokens)
    else replaceValue(random, tokens)
  return tokens.join('')
}

const value = /^["\-\w]/

/** Puts another string, number or word where one is; a key stays a string. */
function replaceValue(random: Random, tokens: string[]): void {
  const places = [...tokens.keys()].filter(place => value.test(tokens[place]!))
  if (places.length === 0) return
  const place = random.pick(places)
  const here = tokens[place]!
  const isKey = tokens[place + 1] === ':'
  if (here.startsWith('"') && (isKey || !random.oneIn(4))) tokens[place] = edgeString(random)
  else if (!here.startsWith('"') && !random.oneIn(4)) tokens[place] = edgeNumber(random)
  else tokens[place] = edgeValue(random)
}

function breakShape(random: Random, tokens: string[]): void {
  const place = random.below(tokens.length + 1)
  if (random.oneIn(3)) tokens.splice(place, 1 + random.below(4))
  else if (random.oneIn(3)) tokens.splice(place, 0, edgeValue(random))
  else if (random.oneIn(8)) {
    const depth = random.pick([10, 65, 129, 20_000])
    const isList = random.oneIn(2)
    tokens[place] = isList ? '['.repeat(depth) + ']'.repeat(depth) : '{"a":'.repeat(depth)
  } else {
    const copy = tokens.slice(place, place + 1 + random.below(12))
    tokens.splice(random.below(tokens.length + 1), 0, ...copy)
  }
}

/** A JSON value out of the ordinary. */
export function edgeValue(random: Random): string {
  return random.pick<(random: Random) => string>([
    edgeString,
    edgeNumber,
    () => 'null',
    () => 'true',
    () => '[]',
    () => '{}',
    () => '[null]',
    () => '{"type":"Sequence"}',
    random => `[${edgeString(random)},${edgeNumber(random)}]`,
    random => `{${edgeString(random)}:${edgeString(random)}}`
  ])(random)
}

function edgeString(random: Random): string {
  return JSON.stringify(
    random.oneIn(50) ? random.pick(edgeTexts).repeat(3000) : random.pick(edgeTexts)
  )
}

function edgeNumber(random: Random): string {
  if (random.oneIn(4)) return random.pick(['0.5', '1e400', '-0', '1E5', '01', '2.0', '1e-400'])
  return String(random.pick(edgeNumbers))
}
