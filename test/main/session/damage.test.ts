import { beforeAll, describe, expect, it } from 'vitest'
import { newPlace, writeExample } from './example.ts'
import { createDamageCheck, type DamageCheck } from './look-for-damage.ts'

let sound: Buffer
let check: DamageCheck
beforeAll(async () => {
  sound = await writeExample(newPlace())
  check = createDamageCheck(sound)
})

// `npm run torture:sessions` flips each bit of every byte.
describe('a damaged session', () => {
  it('is refused in words or gives what was saved, whichever byte is another one', () => {
    const seen = { refused: 0, 'left out': 0, whole: 0 }
    for (let at = 0; at < sound.length; at += at < 8192 ? 41 : 131) {
      const bytes = Buffer.from(sound)
      bytes[at]! ^= 1 << (at % 8)
      seen[check(bytes, `byte ${at}`)]++
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3)
  })

  it('is refused where its end is missing, or another page stands in the place of one', () => {
    for (let end = 0; end < sound.length; end += 8192)
      for (const length of [end, end + 1])
        expect(check(sound.subarray(0, length), `${length} bytes`)).toBe('refused')
    for (let page = 1; page < sound.length / 8192; page++) {
      const bytes = Buffer.from(sound)
      bytes.copy(bytes, page * 8192, (page - 1) * 8192, page * 8192)
      check(bytes, `page ${page} is the one before it`)
      bytes.fill(0, page * 8192, (page + 1) * 8192)
      check(bytes, `page ${page} is empty`)
    }
  })
})
