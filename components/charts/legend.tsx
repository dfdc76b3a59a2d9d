import type { ReactNode } from 'react'

type Mark =
  | 'line'
  | 'thin'
  | 'band'
  | 'step'
  | 'dashed'
  | 'action'
  | 'ring'
  | 'square'
  | 'diamond'
  | 'event'
  | 'miss'

const drawings: Record<Mark, ReactNode> = {
  line: <line x1="0" x2="16" y1="6" y2="6" stroke="var(--ink)" strokeWidth="2" />,
  thin: <line x1="0" x2="16" y1="6" y2="6" stroke="var(--forecast)" strokeWidth="1.25" />,
  band: (
    <g fill="var(--forecast)">
      <rect width="16" height="12" opacity="0.15" />
      <rect y="2" width="16" height="8" opacity="0.2" />
      <rect y="4" width="16" height="4" opacity="0.3" />
    </g>
  ),
  step: <path d="M0 9H8V4H16" fill="none" stroke="var(--ink)" />,
  dashed: <path d="M0 9H8V4H16" fill="none" stroke="var(--muted)" strokeWidth="1.5" strokeDasharray="3 2" />,
  action: <path d="M0 9H8V4H16" fill="none" stroke="var(--action)" strokeWidth="2" />,
  ring: <circle cx="8" cy="6" r="4" fill="none" stroke="var(--action)" strokeWidth="1.5" />,
  square: <rect x="4" y="2" width="8" height="8" fill="var(--action)" />,
  diamond: <path d="M8 1l5 5l-5 5l-5 -5z" fill="var(--ink)" />,
  event: (
    <g fill="var(--muted)">
      <rect width="16" height="12" opacity="0.15" />
      <rect width="16" height="3" />
    </g>
  ),
  miss: <circle cx="8" cy="6" r="3.5" fill="none" stroke="var(--breach)" strokeWidth="1.5" />,
}

export type LegendItem = { mark: Mark; label: string }

/** What each kind of line means. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
      {items.map((item) => (
        <li key={item.label} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="16" height="12">
            {drawings[item.mark]}
          </svg>
          {item.label}
        </li>
      ))}
    </ul>
  )
}
