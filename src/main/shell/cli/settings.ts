import { InvalidArgumentError } from 'commander'
import type { Client } from '#common/contract/rpc.ts'

/** Settings as they were typed, by their keys. */
export type SettingTexts = Readonly<Record<string, string>>

/** What is known of params: their JSON Schemas, by their names. */
type Properties = Readonly<Record<string, unknown>>

/**
 * Adds `key=value` to the settings so far.
 * @throws InvalidArgumentError when there is no `=`
 */
export function setting(text: string, before: SettingTexts = {}): SettingTexts {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('Expected key=value, such as layers=[0,1].')
  return Object.fromEntries([...Object.entries(before), [key.trim(), value]])
}

/** What was typed, as JSON where it is such and its param takes more than texts: the neuron 3.10 is not the number 3.1. */
export function settingValues(
  texts: SettingTexts,
  properties: Properties
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => {
      const value = jsonOr(text)
      const types = typesOf(properties[key])
      const isOther = value !== null && typeof value !== 'string'
      return [key, isOther && types.size > 0 && isTexts(types) ? text : value]
    })
  )
}

/** The params of an analysis, which the workbench lists. */
export async function paramsOf(client: Client, name: string): Promise<Properties> {
  const own = (await client.call('analysis.list', {})).find(analysis => analysis.name === name)
  return (own?.params as { properties?: Properties } | undefined)?.properties ?? {}
}

function isTexts(types: ReadonlySet<string>): boolean {
  return [...types].every(type => type === 'string' || type === 'null')
}

/** The types of JSON that a schema takes; empty where it does not say. */
function typesOf(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set()
  const { type, anyOf = [] } = schema as { type?: string | string[]; anyOf?: unknown[] }
  return new Set([type ?? [], ...anyOf.map(own => [...typesOf(own)])].flat())
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
