import { spawnSync } from 'node:child_process'
import createBidi from 'bidi-js'
import { expect, it } from 'vitest'
import { displayOrderCode } from '#common/figure/notebook/display-order.ts'

const lines = [
  'attention',
  'שלום',
  'בראשית ברא אלהים',
  '3 שלום',
  'שלום 3',
  'Head 1.0 · “שלום עולם”',
  'Head 2.0 “שלום עולם” (א)',
  '(a) ראש (א)',
  'ראש (Head 2.0) של abc',
  'שלום (א) 12 abc',
  'ab שלום 12:30 cd',
  'שלום, 1,000 ו־2.5',
  'בְּרֵאשִׁית (בָּרָא)',
  'سلام [عليكم] 12',
  '· ברא',
  'שלום 50% אבג',
  'אבג $5 ab',
  '12 אבג 3%',
  'אבג #3',
  'אבג $ 5 %',
  'weight · שלום 12° ',
  'ab 5% שלום -3..5 $$7°°',
  'سلام 50% 1-2 1/2',
  'سلام ١٢٪ ١-٢ ١,٢ #',
  'ab שלום \tאבג  ',
  'שלום ab\t12 %',
  ''
]

/** What the code does before it changes matplotlib. */
const [code] = displayOrderCode.split('\n\n\ndef draw_in')
const python = `${code!.replaceAll(/^(import|from) matplotlib.*\n/gm, '')}
import json, sys
print(json.dumps([in_display_order(line) for line in json.load(sys.stdin)]))`

it('leaves matplotlib as it is where that does it', () => {
  expect(displayOrderCode).toContain(
    'if matplotlib.__version_info__[:2] < (3, 11) and not hasattr('
  )
})

it.runIf(spawnSync('python3', ['--version']).status === 0)(
  'writes lines in the order that they are seen in',
  () => {
    const { stdout, stderr } = spawnSync('python3', ['-c', python], {
      input: JSON.stringify(lines),
      encoding: 'utf8'
    })
    expect(stderr).toBe('')
    const bidi = createBidi()
    const seen = lines.map(line => bidi.getReorderedString(line, bidi.getEmbeddingLevels(line)))
    // Points stand behind their letter to matplotlib.
    expect((JSON.parse(stdout) as string[]).map(withoutPoints)).toEqual(seen.map(withoutPoints))
    expect((JSON.parse(stdout) as string[])[1]).toBe('םולש')
  }
)

function withoutPoints(text: string): string {
  return text.replaceAll(/\p{Mn}/gu, '')
}
