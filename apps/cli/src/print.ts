import type { Reply } from './actions.ts'
import type { Output } from './output.ts'
import { qrText } from './qr.ts'
import { replyText } from './text.ts'

/** Prints what a command answers. */
export function print(output: Output, name: string, reply: Reply): void {
  if ('rows' in reply) output.rows(reply.rows, (row) => replyText(name, row, reply.names), 'None.')
  else output.answer(reply.value, replyText(name, reply.value))
  if (output.isJson) return
  for (const note of reply.notes ?? []) output.answer({}, note)
  if (name === 'invite' && 'value' in reply && 'link' in reply.value)
    output.answer({}, `\n${qrText(String(reply.value.link))}`)
}
