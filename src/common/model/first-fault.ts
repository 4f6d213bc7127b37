import type { z } from 'zod'
import { firstLetters } from '../text/cut-short.ts'

type Issue = z.core.$ZodIssue

/**
 * Where in a value that broke its schema the first fault lies, what is expected there and, where the schema was told to
 * report it, what there is, such as `model.nHeads: expected a whole number, got 0.5`.
 * @param within where the value itself lies, such as `model`
 */
export function firstFault(error: z.core.$ZodError, within: readonly PropertyKey[] = []): string {
  const issue = firstOf(error.issues)
  // Made as it is asked for, of all that is wrong, which may be too deep for it.
  if (issue === undefined) return error.message
  const { path: own, ...fault } = innermost(issue)
  const path = [...within, ...own]
  const got = gotText(fault.issue)
  const text = got === null ? fault.expected : `${fault.expected}, got ${got}`
  return path.length === 0 ? text : `${path.map(String).join('.')}: ${text}`
}

/** What is misspelled is missing elsewhere. */
function firstOf(issues: readonly Issue[]): Issue | undefined {
  return issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
}

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly expected: string
  /** What it is said of. */
  readonly issue: Issue
}

/** Of a value that fits none of several forms, the fault of the form that it comes closest to, or all that are expected. */
function innermost(issue: Issue): Fault {
  const own = { path: issue.path, expected: expectation(issue), issue }
  if (issue.code !== 'invalid_union') return own
  const inner = issue.errors.flatMap(issues => firstOf(issues) ?? []).map(innermost)
  const [closest] = inner.toSorted((a, b) => closeness(b) - closeness(a))
  if (closest === undefined) return own
  if (closeness(closest) > 0) return { ...closest, path: [...issue.path, ...closest.path] }
  const forms = inner.map(({ expected }) => expected.replace(/^expected /, ''))
  return { ...own, expected: `expected ${[...new Set(forms)].join(' or ')}` }
}

/** How far a value fitted a form: up to a part of it, or as what it is, but for a rule of the whole. */
function closeness({ path, issue: { code } }: Fault): number {
  if (path.length > 0) return 1 + path.length
  return code === 'custom' || code === 'unrecognized_keys' ? 1 : 0
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text'
}

const units: Readonly<Record<string, string>> = { array: 'item', string: 'letter' }

/** What is expected, in words; a schema's own message as it is. */
function expectation(issue: Issue): string {
  if (!/^(Invalid|Too|Unrecognized) /.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}`
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${amount(issue.minimum, issue.origin)}`
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${amount(issue.maximum, issue.origin)}`
    case 'invalid_value':
      return `expected ${choice(issue.values)}`
    case 'unrecognized_keys':
      return `${issue.keys.map(key => JSON.stringify(key)).join(', ')} is not known`
    case 'invalid_union':
      return 'options' in issue ? `expected ${choice(issue.options)}` : issue.message
    default:
      return issue.message
  }
}

function amount(limit: number | bigint, of: string): string {
  const unit = units[of]
  if (unit === undefined) return String(limit)
  return `${limit} ${unit}${limit === 1 ? '' : 's'}`
}

function choice(values: readonly unknown[]): string {
  return values
    .map(value => (typeof value === 'string' ? `"${value}"` : String(value)))
    .join(' or ')
}

const mostLetters = 40

/** What there is, in short; null where that is not known, or said. */
function gotText(issue: Issue): string | null {
  if (issue.code === 'unrecognized_keys' || issue.code === 'custom') return null
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return 'nothing'
  if (!Object.hasOwn(issue, 'input')) return null
  const input =
    issue.code === 'invalid_union' && issue.discriminator !== undefined
      ? (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator]
      : issue.input
  if (input === undefined) return 'nothing'
  if (typeof input === 'string')
    return JSON.stringify(
      input.length > mostLetters ? `${firstLetters(input, mostLetters)}…` : input
    )
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : 'a list'
  if (typeof input === 'object' && input !== null) return 'an object'
  return `${input as number}`
}
