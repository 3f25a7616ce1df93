import encodeQR from 'qr'

/** A QR code in half-block characters, for a terminal. */
export function qrText(text: string): string {
  return encodeQR(text, 'ascii', { ecc: 'low', border: 2 })
}
