import encodeQR from 'qr'
import { useMemo } from 'react'
import type { ReactNode } from 'react'

export interface QrCodeProps {
  readonly text: string
  readonly label: string
}

/** A QR code, always dark on white with its quiet zone: scanners do not read inverted ones. */
export function QrCode({ text, label }: QrCodeProps): ReactNode {
  const { path, size } = useMemo(() => drawing(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      className="w-full rounded-xl bg-white"
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#0f172a" />
    </svg>
  )
}

function drawing(text: string): { path: string; size: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: 3 })
  let path = ''
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) path += `M${x} ${y}h1v1h-1z`
    }),
  )
  return { path, size: rows.length }
}
