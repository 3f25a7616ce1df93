/** What is said while this browser becomes a device of an account that there is already. */
export const linkingStrings = {
  title: 'Link to a device you have',
  lead: 'On the other device, open Settings and choose “Link a new device”, or run “sotto device link CODE” in a terminal. Give it this code.',
  making: 'Making a code…',
  qr: 'QR code for linking this device',
  code: 'Code of this device',
  copy: 'Copy code',
  copied: 'Code copied',
  copyFailed: 'The browser did not let Sotto copy. The code is selected now: copy it with your keyboard.',
  secret: 'Whoever has the code can take this device in, so show it to nobody else. It works for 15 minutes.',
  waiting: 'Waiting for your other device…',
  expired: 'This code has expired: no device of yours has answered it in time. Show a new code and try again.',
  another: 'Show a new code',
} as const
