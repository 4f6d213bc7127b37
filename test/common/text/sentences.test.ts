import { expect, it } from 'vitest'
import { sentencesOf } from '../../../src/common/text/sentences.ts'

it.each([
  ['It rains. It pours! Does it?', ['It rains. ', 'It pours! ', 'Does it?']],
  ['Of 3.5 metres, i.e. much. So', ['Of 3.5 metres, i.e. much. ', 'So']],
  // A line ends one, but where it goes on in lower case.
  [
    'A title\nThe text goes on\nin a line. End',
    ['A title\n', 'The text goes on\nin a line. ', 'End']
  ],
  ['בראשית ברא אלהים. והארץ היתה תהו!', ['בראשית ברא אלהים. ', 'והארץ היתה תהו!']],
  ['One 🙂. 他来了。我走了。', ['One 🙂. ', '他来了。', '我走了。']],
  ['', []]
])('sentences of %j', (text, expected) => {
  expect(sentencesOf(text)).toEqual(expected)
})
