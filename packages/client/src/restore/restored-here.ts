import type { AccountId } from '@sotto/interface'
import type { Conversation } from '../conversation/conversation.ts'

/** Whether this device of the account was left behind: another one was set up from the recovery words, and it is no longer wanted anywhere. */
export function isLeftBehind({ control, context }: Conversation): boolean {
  const { account, device } = context.profile()
  if (control === undefined || !control.view.gone.includes(device)) return false
  return control.view.effective.some(
    (thing) => thing.body.kind === 'recover' && thing.account === account && thing.device !== device,
  )
}

/** Whether one of the two is out of a 1:1: the other has met a restored device of the account. Then it is over. */
export function isAbandoned({ kind, control }: Conversation): boolean {
  return kind === 'pair' && control !== undefined && control.view.accounts.length < 2
}

/** Whether an account's place in a group rests on what the device has said itself with which we have a 1:1, a `recover` or a `grant`: its Welcome goes that way. */
export function isRestoredBy({ control }: Conversation, account: AccountId, pair: Conversation | undefined): boolean {
  return (
    control?.view.desired.some(({ device, grant }) => {
      const thing = control.kept.get(grant)?.thing
      const isOwnWord = thing?.device === device && ['recover', 'grant'].includes(thing.body.kind)
      return isOwnWord && control.accountOf(device) === account && pair?.othersDevices.includes(device) === true
    }) ?? false
  )
}
